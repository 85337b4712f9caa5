import { get, post } from './client'
import type { Engagement, EngagementEvent, Page } from './types'
import type { Hired, Invited } from './types-employer'

/** Who applies at a kiosk: no account, a phone and a surname. */
export interface KioskApplicant {
  phone: string
  name: string
}

export const applyAtKiosk = (shiftId: string, kiosk: KioskApplicant, key: string): Promise<Engagement> =>
  post<Engagement>('/shifts/{shift_id}/apply', { path: { shift_id: shiftId }, body: { kiosk }, key })
export const applyMyself = (shiftId: string, key: string): Promise<Engagement> =>
  post<Engagement>('/shifts/{shift_id}/apply', { path: { shift_id: shiftId }, body: {}, key })
/** Staff applies for a worker (代办). */
export const applyFor = (shiftId: string, workerId: string, key: string): Promise<Engagement> =>
  post<Engagement>('/shifts/{shift_id}/apply', { path: { shift_id: shiftId }, body: { worker_id: workerId }, key })

export interface EngagementQuery {
  status?: string
  date?: string
  posting_id?: string
  worker_id?: string
  cursor?: string
  limit?: number
}

export const listEngagements = (query: EngagementQuery = {}, signal?: AbortSignal): Promise<Page<Engagement>> =>
  get<Page<Engagement>>('/engagements', { query, signal })
export const readEngagement = (id: string): Promise<Engagement> => get<Engagement>('/engagements/{id}', { path: { id } })
export const readEngagementByCode = (code: string, phoneLast4: string): Promise<Engagement> =>
  get<Engagement>('/engagements/by-code/{code}', { path: { code }, query: { phone_last4: phoneLast4 } })

/** One act on an engagement; `event` is one of its `next`. */
export const act = (id: string, event: EngagementEvent, body: object, key: string): Promise<Engagement> =>
  post<Engagement>(`/engagements/{id}/${event}`, { path: { id }, body, key })
/** One act on an engagement as the employer does it; the answer is the whole engagement. */
export const actAsEmployer = (id: string, event: EngagementEvent, body: object, key: string): Promise<Hired> =>
  post<Hired>(`/engagements/{id}/${event}`, { path: { id }, body, key })
export const readHired = (id: string): Promise<Hired> => get<Hired>('/engagements/{id}', { path: { id } })
/** Asks workers to come; each is answered by herself. */
export const inviteWorkers = (shiftId: string, workerIds: string[], key: string): Promise<{ items: Invited[] }> =>
  post('/shifts/{shift_id}/invite', { path: { shift_id: shiftId }, body: { worker_ids: workerIds }, key })
