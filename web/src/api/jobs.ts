import { get, post } from './client'
import type { JobList } from './types-admin'

export const listJobs = (query: { state?: string; cursor?: string }): Promise<JobList> => get<JobList>('/admin/jobs', { query })
export const retryJob = (id: string, key: string): Promise<void> => post<void>('/admin/jobs/{id}/retry', { path: { id }, key })
