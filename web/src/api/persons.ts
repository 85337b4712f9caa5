import { del, get, post, put } from './client'
import type { Page } from './types'
import type { Consent, KeyGroup, Person, PersonEntered, PersonExport, Revealed } from './types-desk'

export interface PersonQuery {
  q?: string
  village?: string
  group?: string
  cursor?: string
  limit?: number
}

export type RevealField = 'name' | 'id_number' | 'phone' | 'address'

export const listPersons = (query: PersonQuery): Promise<Page<Person>> => get<Page<Person>>('/persons', { query })
/** A name, phone or ID number; in the body, so it is in no address or log. */
export const searchPersons = (q: string, village = ''): Promise<Page<Person>> =>
  post<Page<Person>>('/persons/search', { body: { q, ...(village && { village }) } })
export const readPerson = (id: string): Promise<Person> => get<Person>('/persons/{id}', { path: { id } })
export const registerPerson = (body: object, key: string): Promise<PersonEntered> => post<PersonEntered>('/persons', { body, key })
export const changePerson = (id: string, body: object, version: number, key: string): Promise<Person> =>
  put<Person>('/persons/{id}', { path: { id }, body, version, key })
export const revealPerson = (id: string, fields: RevealField[], reason: string): Promise<Revealed> =>
  post<Revealed>('/persons/{id}/reveal', { path: { id }, body: { fields, reason } })
export const listConsents = (id: string): Promise<{ items: Consent[] }> => get('/persons/{id}/consents', { path: { id } })
export const giveConsent = (id: string, body: object, key: string): Promise<{ items: Consent[] }> =>
  post('/persons/{id}/consents', { path: { id }, body, key })
export const withdrawConsent = (id: string, purpose: string): Promise<{ items: Consent[] }> =>
  del('/persons/{id}/consents/{purpose}', { path: { id, purpose } })
/** Everything kept of her, in clear; staff say why. */
export const exportPerson = (id: string, reason: string): Promise<PersonExport> =>
  post<PersonExport>('/persons/{id}/export', { path: { id }, body: { reason } })
export const listGroups = (id: string): Promise<{ items: KeyGroup[] }> => get('/persons/{id}/groups', { path: { id } })
export const joinGroup = (id: string, body: object, key: string): Promise<{ items: KeyGroup[] }> =>
  post('/persons/{id}/groups', { path: { id }, body, key })
export const leaveGroup = (id: string, group: string, reason: string): Promise<{ items: KeyGroup[] }> =>
  del('/persons/{id}/groups/{key}', { path: { id, key: group }, query: { reason } })
