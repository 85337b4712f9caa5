import { del, get, post, put } from './client'
import type { Page } from './types'
import type { Household, HouseholdForm, MemberForm } from './types-desk'

export interface HouseholdQuery {
  village?: string
  zero_employment?: boolean
  cursor?: string
  limit?: number
}

export const listHouseholds = (query: HouseholdQuery): Promise<Page<Household>> => get<Page<Household>>('/households', { query })
export const readHousehold = (id: string): Promise<Household> => get<Household>('/households/{id}', { path: { id } })
export const openHousehold = (body: HouseholdForm, key: string): Promise<Household> => post<Household>('/households', { body, key })
export const joinHousehold = (id: string, body: MemberForm, key: string): Promise<Household> =>
  post<Household>('/households/{id}/members', { path: { id }, body, key })
export const setMemberStatus = (id: string, person_id: string, body: object): Promise<Household> =>
  put<Household>('/households/{id}/members/{person_id}', { path: { id, person_id }, body })
export const leaveHousehold = (id: string, person_id: string, reason: string): Promise<Household> =>
  del<Household>('/households/{id}/members/{person_id}', { path: { id, person_id }, query: { reason } })
