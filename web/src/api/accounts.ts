import { get, patch, post } from './client'
import type { Page } from './types'
import type { Account, AccountChange, AccountForm } from './types-admin'

export const listAccounts = (query: { kind?: string; role?: string; q?: string; cursor?: string; limit?: number }): Promise<Page<Account>> =>
  get<Page<Account>>('/admin/accounts', { query })
export const createAccount = (body: AccountForm): Promise<Account> => post<Account>('/admin/accounts', { body })
export const changeAccount = (id: string, body: AccountChange, version: number, key: string): Promise<Account> =>
  patch<Account>('/admin/accounts/{id}', { path: { id }, body, version, key })
export const revokeSessions = (id: string, key: string): Promise<void> =>
  post<void>('/admin/accounts/{id}/revoke-sessions', { path: { id }, key })
