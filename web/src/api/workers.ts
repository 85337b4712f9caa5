import { get, post, put } from './client'
import type { Worker } from './types'

/** What a worker writes of herself. Name, birth and consent are read at the first registration only. */
export interface WorkerForm {
  name?: string
  birth?: string
  consent?: 'self' | 'spoken' | 'paper'
  village: string
  trades: { id: string; level?: number }[]
  radius_m: number
  floor_hour_fen?: number
  available: { days: number[]; from: string; to: string }
  available_today?: boolean
}

export const readMyself = (): Promise<Worker> => get<Worker>('/workers/me')
export const saveMyself = (form: WorkerForm, version: number | undefined, key: string): Promise<Worker> =>
  put<Worker>('/workers/me', { body: form, version, key })
/** "Today I can come", or not. */
export const setAvailableToday = (id: string, yes: boolean, key: string): Promise<Worker> =>
  post<Worker>('/workers/{id}/available-today', { path: { id }, body: { yes }, key })
