import type { components } from './schema'
import type { Pay } from './types'

type S = components['schemas']

export type OwnEmployer = S['Employer']
export type EmployerForm = S['EmployerForm']
export type OwnPosting = S['Posting']
export type PostingDraft = S['PostingDraft']
export type PostingCheck = S['PostingCheck']
export type PostingMove = S['PostingMove']
export type PostingFinding = S['Finding']
export type OwnShift = S['Shift']
export type Candidate = S['Candidate']
export type Invited = S['Invited']
export type Hired = S['Engagement']
export type DaySheet = S['DaySheet']
export type DayShift = S['DayShift']
export type DueState = 'due' | 'overdue' | 'paid'

/** A pay as the components show it: a draft may not say its unit or settlement yet. */
export function shownPay(pay: S['Pay']): Pay {
  return { ...pay, unit: pay.unit ?? 'hour', settlement: pay.settlement ?? 'daily' }
}
