import { get, post } from './client'
import type { Kiosk, KioskCreated } from './types-admin'

export const listKiosks = (): Promise<{ items: Kiosk[] }> => get('/admin/kiosks')
/** The pairing code is told once. */
export const createKiosk = (body: { station_id: string; name: string; kind: string }): Promise<KioskCreated> =>
  post<KioskCreated>('/admin/kiosks', { body })
export const revokeKiosk = (id: string, key: string): Promise<void> => post<void>('/admin/kiosks/{id}/revoke', { path: { id }, key })
