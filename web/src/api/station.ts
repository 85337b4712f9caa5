// What the operator of a station reads and does beside the nouns' own modules.
import { get, post } from './client'
import type { Page, SearchChip } from './types'
import type { Console, EmployerForm, Opening, StationEmployer, StationEngagement, StationPosting, StationWorker } from './types-station'

export const readConsole = (id: string): Promise<Console> => get<Console>('/stations/{id}/console', { path: { id } })
export const listStationPostings = (id: string, query: { status?: string; cursor?: string; limit?: number }): Promise<Page<StationPosting>> =>
  get<Page<StationPosting>>('/stations/{id}/postings', { path: { id }, query })
export const reviewPosting = (id: string, decision: 'publish' | 'return' | 'reject', reason: string, key: string): Promise<StationPosting> =>
  post<StationPosting>('/postings/{id}/review', { path: { id }, body: { decision, reason }, key })
export const readStationPosting = (id: string): Promise<StationPosting> => get<StationPosting>('/postings/{id}', { path: { id } })

export const listStationWorkers = (query: { available_today?: boolean; cursor?: string; limit?: number }): Promise<Page<StationWorker>> =>
  get<Page<StationWorker>>('/workers', { query })
/** Whom a search found; where it was by words, what they were understood to say. */
export interface WorkerPage extends Page<StationWorker> {
  chips: SearchChip[]
  degraded: boolean
}
/** A whole name, phone or ID number, or what they do and when; in the body, so it is in no address or log. */
export const searchWorkers = (q: string): Promise<WorkerPage> => post<WorkerPage>('/workers/search', { body: { q } })
export const readWorker = (id: string): Promise<StationWorker> => get<StationWorker>('/workers/{id}', { path: { id } })
/** What suits somebody in the next days, the best first; then near misses with what stands between. */
export const listOpenings = async (id: string): Promise<Opening[]> => (await get<{ items: Opening[] }>('/workers/{id}/openings', { path: { id } })).items
export const registerWorker = (body: object, key: string): Promise<StationWorker> => post<StationWorker>('/workers', { body, key })
export const sayAvailable = (id: string, yes: boolean, key: string): Promise<StationWorker> =>
  post<StationWorker>('/workers/{id}/available-today', { path: { id }, body: { yes }, key })

export const listDay = (query: { date?: string; posting_id?: string; worker_id?: string; cursor?: string; limit?: number }): Promise<Page<StationEngagement>> =>
  get<Page<StationEngagement>>('/engagements', { query })
export const readBySlip = (code: string, phone_last4: string): Promise<StationEngagement> =>
  get<StationEngagement>('/engagements/by-code/{code}', { path: { code }, query: { phone_last4 } })
export const actOnEngagement = (id: string, act: string, body: object, key: string): Promise<StationEngagement> =>
  post<StationEngagement>(`/engagements/{id}/${act}`, { path: { id }, body, key })
export const applyForWorker = (shift_id: string, worker_id: string, key: string): Promise<StationEngagement> =>
  post<StationEngagement>('/shifts/{shift_id}/apply', { path: { shift_id }, body: { worker_id }, key })

export const listEmployers = (query: { status?: string; cursor?: string; limit?: number }): Promise<Page<StationEmployer>> =>
  get<Page<StationEmployer>>('/employers', { query })
/** Part of a name, a whole credit code or phone; in the body, so it is in no address or log. */
export const searchEmployers = (q: string): Promise<Page<StationEmployer>> => post<Page<StationEmployer>>('/employers/search', { body: { q } })
export const enterEmployer = (body: EmployerForm, key: string): Promise<StationEmployer> => post<StationEmployer>('/employers', { body, key })
export const verifyEmployer = (id: string, ok: boolean, reason: string, key: string): Promise<StationEmployer> =>
  post<StationEmployer>('/employers/{id}/verify', { path: { id }, body: { ok, reason }, key })
