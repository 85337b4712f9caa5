import { post } from './client'
import type { MatchProposal, MatchSent } from './types-station'

/** The best assignment of everybody free on a day to every open place of that day. */
export const matchStation = (stationId: string, date: string): Promise<MatchProposal> =>
  post<MatchProposal>('/stations/{id}/match', { path: { id: stationId }, body: { date } })
/** Invites the chosen pairs of a run; who was asked already is told again, not asked again. */
export const sendMatch = (runId: string, pairs: { worker_id: string; shift_id: string }[]): Promise<MatchSent> =>
  post<MatchSent>('/matches/{id}/send', { path: { id: runId }, body: { pairs } })
