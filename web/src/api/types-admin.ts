// The administrator's shapes, taken from the generated contract.
import type { components } from './schema'

type S = components['schemas']
export type Account = S['Account']
export type Kiosk = S['Kiosk']
export type KioskCreated = S['KioskCreated']
export type Parameter = S['Parameter']
export type ParameterForm = S['ParameterInputBody']
export type Job = S['Job']
export type JobList = S['JobList']
export type AuditEntry = S['AuditEntry']
export type OutboxMessage = S['OutboxMessage']
export type StationForm = S['StationInputBody']

/** What an administrator tells of a new account. */
export interface AccountForm {
  username: string
  name: string
  password: string
  role: string
  regions?: string[]
  station_id?: string
}

/** A change of an account; only what is named changes. */
export interface AccountChange {
  active?: boolean
  name?: string
  password?: string
  role?: string
  regions?: string[]
  station_id?: string
}

/** What /readyz answers, outside the contract. */
export interface Readiness {
  status: 'ready' | 'degraded' | 'not ready'
  checks: { name: string; ok: boolean; required: boolean; note?: string }[]
}
