import { get, post } from './client'
import type { MatchChoice, MatchProposal, MatchReplay, MatchReserve, MatchSent } from './types-station'

/** What the operator settles before the rest is matched around it. */
export interface MatchEdits {
  pins: MatchChoice[]
  forbids: MatchChoice[]
  reserves: MatchReserve[]
  /** Workers who want to go to one shift together. */
  together: string[][]
  /** Who is placed may be offered another shift of the day. */
  second: boolean
}

/** The best assignment of everybody free on a day to every open place of that day. */
export const matchStation = (stationId: string, date: string, edits: MatchEdits): Promise<MatchProposal> =>
  post<MatchProposal>('/stations/{id}/match', { path: { id: stationId }, body: { date, ...edits } })
/** Invites the chosen pairs of a run; who was asked already is told again, not asked again. */
export const sendMatch = (runId: string, pairs: MatchChoice[]): Promise<MatchSent> =>
  post<MatchSent>('/matches/{id}/send', { path: { id: runId }, body: { pairs } })
/** The run as it was kept, solved again and checked. */
export const replayMatch = (runId: string): Promise<MatchReplay> => get<MatchReplay>('/matches/{id}', { path: { id: runId } })
