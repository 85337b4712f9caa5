// The station's shapes, taken from the generated contract.
import type { components } from './schema'

type S = components['schemas']
export type Console = S['StationConsole']
export type StationWorker = S['Worker']
export type StationPosting = S['Posting']
export type StationEngagement = S['Engagement']
export type StationEmployer = S['Employer']
export type EmployerForm = S['EmployerForm']
export type MatchProposal = S['MatchProposal']
export type MatchSeat = S['MatchSeat']
export type MatchPair = S['MatchPair']
export type MatchNearest = S['MatchNearest']
export type MatchSent = S['MatchSent']
export type Opening = S['Opening']
export type MatchReplay = S['MatchReplay']
export type MatchChoice = S['MatchChoice']
export type MatchReserve = S['MatchReserve']
