import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { moveRecognition } from '@/api/recognitions'
import type { Recognition, RecognitionMove } from '@/api/types-desk'
import type { Choice } from '@/ui'
import type { FormField, FormValues } from '../office/form'

export const MOVES = [
  'submit', 'check', 'review', 'publish', 'object', 'resolve-objection', 'close-publicity', 'decide', 'return', 'appeal', 'withdraw',
  'propose-renewal', 'renew', 'suspend', 'resume', 'end-category', 'exit', 'revoke',
] as const
export type RecognitionMoveName = (typeof MOVES)[number]

const EXIT = ['stable_employment', 'category_ended', 'retired', 'deceased', 'moved_out', 'lost_work_capacity', 'withdrawn', 'not_renewed'] as const
const SUSPEND = ['employed', 'subsidy', 'welfare_placement'] as const

/** Moves that take something from a person: their button is a warning. */
export const HARSH: readonly string[] = ['withdraw', 'exit', 'revoke', 'end-category', 'suspend']

/** What the server is sent for a form's values. */
export function moveBody(v: FormValues): RecognitionMove {
  const { ok, valid_months, ...rest } = v
  return {
    ...rest,
    ...(ok !== undefined && { ok: ok === 'yes' }),
    ...(valid_months !== undefined && { valid_months: Number(valid_months) }),
  } as RecognitionMove
}

export interface RecognitionDialog {
  fields: FormField[]
  submit: (key: string, values: FormValues) => Promise<unknown>
}

/** The forms of every move of the procedure. */
export function useRecognitionForms(r: ComputedRef<Recognition | null>): ComputedRef<Record<RecognitionMoveName, RecognitionDialog>> {
  const { t } = useI18n()
  const yes = (v: FormValues): boolean => v.ok === 'yes'
  const no = (v: FormValues): boolean => v.ok === 'no'
  const f = (key: string, kind: FormField['kind'], more: Partial<FormField> = {}): FormField => ({ key, kind, label: t(`deskhelp.field.${key}`), ...more })
  /** A condition known to be unmet refuses: the form begins with that answer and its reason. */
  const unmet = computed(() => (r.value?.findings ?? []).filter((x) => x.hard && x.met === false))
  const because = computed(() => unmet.value.map((x) => t('deskhelp.because', { condition: x.condition, evidence: x.evidence })).join('\n'))
  const answer = (of: 'check' | 'review' | 'objection' | 'decide'): FormField =>
    f('ok', 'choice', { required: true, value: (of === 'check' || of === 'decide') && unmet.value.length ? 'no' : 'yes', label: t(`deskhelp.answer.${of}.ask`), choices: [{ value: 'yes', label: t(`deskhelp.answer.${of}.yes`) }, { value: 'no', label: t(`deskhelp.answer.${of}.no`) }] })
  const opinion = (when?: FormField['when']): FormField => f('opinion', 'area', { required: true, when })
  const reason = (more: Partial<FormField> = {}): FormField => f('reason', 'area', { required: true, ...more })
  const evidence = (): FormField => f('evidence', 'area', { required: true, hint: t('deskhelp.hint.evidence') })
  const months = (when?: FormField['when']): FormField => f('valid_months', 'number', { when, min: '1', max: '60', hint: t('deskhelp.hint.months') })
  const coded = (list: 'exit' | 'suspend', codes: readonly string[]): FormField =>
    f('reason', 'select', { required: true, choices: codes.map((value): Choice => ({ value, label: t(`deskhelp.${list}Reason.${value}`) })) })
  const held = computed(() => (r.value?.categories ?? []).map((value): Choice => ({ value, label: t(`deskhelp.category.${value}.name`) })))
  const fields = computed<Record<RecognitionMoveName, FormField[]>>(() => ({
    submit: [],
    check: [answer('check'), { ...opinion(yes), required: false }, reason({ when: no, value: because.value, hint: t('deskhelp.hint.return') })],
    review: [answer('review'), opinion(yes), reason({ when: no, hint: t('deskhelp.hint.return') })],
    publish: [],
    object: [reason({ hint: t('deskhelp.hint.object') })],
    'resolve-objection': [answer('objection'), opinion()],
    'close-publicity': [],
    decide: [answer('decide'), opinion(yes), months(yes), reason({ when: no, value: because.value, hint: t('deskhelp.hint.refuse') })],
    return: [reason({ hint: t('deskhelp.hint.return') })],
    appeal: [reason()],
    withdraw: [reason()],
    'propose-renewal': [opinion()],
    renew: [opinion(), months()],
    suspend: [coded('suspend', SUSPEND)],
    resume: [reason()],
    'end-category': [f('category', 'select', { required: true, choices: held.value }), coded('exit', EXIT), evidence()],
    exit: [coded('exit', EXIT), evidence()],
    revoke: [reason(), evidence()],
  }))
  return computed(() => {
    const all = {} as Record<RecognitionMoveName, RecognitionDialog>
    for (const m of MOVES) all[m] = { fields: fields.value[m], submit: (key, v) => moveRecognition(r.value!.id, m, moveBody(v), key) }
    return all
  })
}
