import { get, post } from './client'
import type { components } from './schema'
import type { Page } from './types'

export type WageClue = components['schemas']['WageClue']
export type WageClueAct = 'accept' | 'confirm' | 'dismiss' | 'resolve' | 'transfer' | 'withdraw'

export interface WageClueDraft {
  engagement_id: string
  amount_fen: number
  story: string
}

/** Reports pay that is owed. */
export const reportWageClue = (draft: WageClueDraft, key: string): Promise<WageClue> => post<WageClue>('/wage-clues', { body: draft, key })
export const listWageClues = (query: { open?: boolean; cursor?: string; limit?: number }): Promise<Page<WageClue>> =>
  get<Page<WageClue>>('/wage-clues', { query })
export const readWageClue = (id: string): Promise<WageClue> => get<WageClue>('/wage-clues/{id}', { path: { id } })
export const actOnWageClue = (id: string, act: WageClueAct, body: object, key: string): Promise<WageClue> =>
  post<WageClue>(`/wage-clues/{id}/${act}`, { path: { id }, body, key })
