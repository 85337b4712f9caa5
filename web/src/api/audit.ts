import { get } from './client'
import type { Page } from './types'
import type { AuditEntry } from './types-admin'

export interface AuditQuery {
  actor?: string
  subject?: string
  person?: string
  kind?: string
  from?: string
  to?: string
  cursor?: string
  limit?: number
}

export const listAudit = (query: AuditQuery): Promise<Page<AuditEntry>> => get<Page<AuditEntry>>('/admin/audit', { query })
