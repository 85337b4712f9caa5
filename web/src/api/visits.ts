import { get, post } from './client'
import type { Page } from './types'
import type { Visit, VisitBody } from './types-desk'

export interface VisitQuery {
  village?: string
  from?: string
  to?: string
  person_id?: string
  cursor?: string
  limit?: number
}

export const listVisits = (query: VisitQuery): Promise<Page<Visit>> => get<Page<Visit>>('/visits', { query })
export const listVisitKinds = (): Promise<{ items: { key: string; label: string }[] }> => get('/visits/kinds')
/** `client_id` makes it one visit however often it is sent. */
export const recordVisit = (body: VisitBody): Promise<Visit> => post<Visit>('/visits', { body, key: body.client_id })
