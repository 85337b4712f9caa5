import { get, post } from './client'
import type { Page } from './types'
import type { Report, ReportForm } from './types-dashboard'

export interface ReportQuery {
  year?: number
  indicator?: string
  status?: string
  cursor?: string
}

export const listReports = (query: ReportQuery): Promise<Page<Report>> => get<Page<Report>>('/reports', { query })
export const enterReport = (body: ReportForm, key: string): Promise<Report> => post<Report>('/reports', { body, key })
export const submitReport = (id: string, key: string): Promise<Report> => post<Report>('/reports/{id}/submit', { path: { id }, key })
export const approveReport = (id: string, key: string): Promise<Report> => post<Report>('/reports/{id}/approve', { path: { id }, key })
export const returnReport = (id: string, reason: string, key: string): Promise<Report> =>
  post<Report>('/reports/{id}/return', { path: { id }, body: { reason }, key })
