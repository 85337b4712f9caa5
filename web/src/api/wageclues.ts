import { post } from './client'
import type { WageClue } from './types'

export interface WageClueDraft {
  engagement_id: string
  amount_fen: number
  story: string
}

/** Reports pay that is owed. */
export const reportWageClue = (draft: WageClueDraft, key: string): Promise<WageClue> =>
  post<WageClue>('/wage-clues', { body: draft, key })
