import { useI18n } from 'vue-i18n'
import type { Choice } from '@/ui'

/** The closed lists of the contract that the desk words itself (desk.<list>.<key>). */
export const LISTS = {
  measure: ['job_referral', 'guidance', 'training_offer', 'training_done', 'internship', 'welfare_post', 'startup', 'policy', 'subsidy', 'gig_placement'],
  answer: ['accepted', 'refused', 'no_answer'],
  nextKind: ['visit', 'call', 'assess', 'plan', 'other'],
  workForm: ['full_time', 'flexible', 'self_employed', 'welfare_post'],
  closeReason: ['stable_employment', 'statutory_exit', 'withdrew', 'moved', 'deceased', 'merged'],
  openReason: ['visit', 'walk_in', 'data_push', 'self', 'referral'],
  decision: ['continue', 'justified', 'tell_civil_affairs'],
  life: ['employed', 'self_employed', 'unemployed', 'retired', 'student', 'unable', 'away'],
  relation: ['head', 'spouse', 'child', 'parent', 'sibling', 'grandchild', 'other'],
  leave: ['moved_out', 'deceased', 'split', 'recorded_in_error'],
  group: [
    'registered_unemployed', 'graduate', 'low_income', 'low_income_edge', 'special_support', 'disabled', 'veteran', 'former_fisher',
    'land_lost', 'zero_employment',
  ],
  groupEnd: ['employed', 'no_longer_qualifies', 'certificate_void', 'retired', 'moved_out', 'deceased', 'withdrawn', 'recorded_in_error'],
  category: ['H1', 'H2', 'H3', 'H4', 'H5', 'H6'],
  retire: ['M', 'F55', 'F50'],
  consent: ['spoken', 'paper', 'self'],
  purpose: ['gig_market', 'publicity', 'sharing'],
  reveal: ['name', 'id_number', 'phone', 'address'],
  met: ['self', 'spouse', 'parent', 'child', 'neighbour', 'village', 'nobody'],
  outcome: ['willing', 'has_work', 'not_now', 'unable', 'transfer', 'not_met'],
  need: ['job', 'training', 'welfare_post', 'social_insurance', 'startup', 'care', 'disability', 'health', 'living', 'none'],
} as const

export type ListName = keyof typeof LISTS

/** Words and choices of those lists; what is not in a list is shown as it came. */
export function useWords() {
  const { t, te } = useI18n()
  const word = (list: ListName, value: string): string => (te(`desk.${list}.${value}`, 'zh-CN') ? t(`desk.${list}.${value}`) : value)
  const choices = (list: ListName): Choice[] => LISTS[list].map((value) => ({ value, label: word(list, value) }))
  return { word, choices }
}
