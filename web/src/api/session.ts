import { del, get, post } from './client'
import type { CodeSent, Me } from './types'

export type PhonePurpose = 'worker' | 'employer'

export const readMe = (): Promise<Me> => get<Me>('/session')
export const signInStaff = (username: string, password: string): Promise<Me> =>
  post<Me>('/session/staff', { body: { username, password } })
export const sendCode = (phone: string, purpose: PhonePurpose): Promise<CodeSent> =>
  post<CodeSent>('/session/code', { body: { phone, purpose } })
export const signInPhone = (phone: string, code: string, purpose: PhonePurpose): Promise<Me> =>
  post<Me>('/session/phone', { body: { phone, code, purpose } })
export const pairKiosk = (pairing_code: string): Promise<Me> => post<Me>('/session/kiosk', { body: { pairing_code } })
export const signOut = (): Promise<void> => del<void>('/session')

export interface OutboxItem {
  to: string
  text: string
  at: string
}
/** The messages the demo's local outbox holds for one phone; 404 outside demo mode. */
export const readOutbox = (phone: string): Promise<{ items: OutboxItem[] }> => get('/demo/outbox', { query: { phone } })

/** A fresh pairing code for the first station's kiosk; the demo gives one to any browser, others answer 404. */
export const readDemoPairing = (): Promise<{ pairing_code: string }> => get('/demo/pairing')
