import { get, put } from './client'
import type { Page } from './types'
import type { DaySheet, DueState, EmployerForm, Hired, OwnEmployer, OwnPosting } from './types-employer'

export const readOwnEmployer = (): Promise<OwnEmployer> => get<OwnEmployer>('/employers/me')
/** Enters the company at first, changes it later; then only what is filled in is changed. */
export const saveOwnEmployer = (form: EmployerForm, version: number | undefined, key: string): Promise<OwnEmployer> =>
  put<OwnEmployer>('/employers/me', { body: form, version, key })
export const listOwnPostings = (query: { status?: string; cursor?: string; limit?: number }, signal?: AbortSignal): Promise<Page<OwnPosting>> =>
  get<Page<OwnPosting>>('/employers/me/postings', { query, signal })
export const readDay = (date: string, signal?: AbortSignal): Promise<DaySheet> =>
  get<DaySheet>('/employers/me/day', { query: { date }, signal })
export const listSettlements = (query: { state?: DueState; cursor?: string; limit?: number }, signal?: AbortSignal): Promise<Page<Hired>> =>
  get<Page<Hired>>('/employers/me/settlements', { query, signal })
/** Applications, invitations and work of this employer's own postings. */
export const listHired = (
  query: { status?: string[]; date?: string; posting_id?: string; cursor?: string; limit?: number },
  signal?: AbortSignal,
): Promise<Page<Hired>> => get<Page<Hired>>('/engagements', { query, signal })
