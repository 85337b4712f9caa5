import { get, post } from './client'
import type { Page } from './types'
import type { CaseAssessment, HelpCase, Measure, NextForm } from './types-desk'

export interface CaseQuery {
  status?: string
  owner?: string
  village?: string
  person_id?: string
  overdue?: boolean
  cursor?: string
  limit?: number
}

/** What can be done to a case besides measures; each answers the case as it is then. */
export type CaseAct =
  | 'assign'
  | 'assess'
  | 'confirm-assessment'
  | 'plan'
  | 'next'
  | 'refusal-review'
  | 'employed'
  | 'work-lost'
  | 'follow-ups'
  | 'close'
  | 'reopen'

export const listCases = (query: CaseQuery): Promise<Page<HelpCase>> => get<Page<HelpCase>>('/cases', { query })
export const readCase = (id: string): Promise<HelpCase> => get<HelpCase>('/cases/{id}', { path: { id } })
export const readAssessment = (id: string): Promise<CaseAssessment> => get<CaseAssessment>('/cases/{id}/assessment', { path: { id } })
export const openCase = (person_id: string, reason: string, key: string): Promise<HelpCase> =>
  post<HelpCase>('/cases', { body: { person_id, reason }, key })
export const actOnCase = (id: string, act: CaseAct, body: object | NextForm, key: string): Promise<HelpCase> =>
  post<HelpCase>(`/cases/{id}/${act}`, { path: { id }, body, key })
export const addMeasure = (id: string, body: object, key: string): Promise<Measure> =>
  post<Measure>('/cases/{id}/measures', { path: { id }, body, key })
