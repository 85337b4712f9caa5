import { computed, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { actOnCase, addMeasure, type CaseAct } from '@/api/cases'
import type { HelpCase } from '@/api/types-desk'
import { today } from '@/lib/clock'
import { addDays } from '@/lib/when'
import type { Choice } from '@/ui'
import type { FormField, FormValues } from '../office/form'
import { useWords } from './words'

export interface CaseForm {
  fields: FormField[]
  submit: (key: string, values: FormValues) => Promise<unknown>
}

export type CaseDialog = 'assess' | 'confirm' | 'plan' | 'next' | 'measure' | 'employed' | 'workLost' | 'followUp' | 'close' | 'reopen' | 'assign' | 'refusals'

const ACTS: Partial<Record<CaseDialog, CaseAct>> = {
  assess: 'assess', confirm: 'confirm-assessment', plan: 'plan', next: 'next', employed: 'employed', workLost: 'work-lost',
  followUp: 'follow-ups', close: 'close', reopen: 'reopen', assign: 'assign', refusals: 'refusal-review',
}
const yes = (v: unknown): boolean | undefined => (v === undefined || v === '' ? undefined : v === 'yes')

/** What the server is sent for a form's values. */
export function bodyOf(dialog: CaseDialog, v: FormValues): object {
  if (dialog === 'assess') {
    const { basic, employment, skills, wish, willing, able, ...rest } = v
    return { ...rest, blocks: { basic, employment, skills, wish }, willing: yes(willing), able: yes(able) }
  }
  if (dialog === 'confirm') return { ok: v.ok === 'yes' }
  if (dialog === 'followUp') return { ...v, month: Number(v.month), employed: v.employed === 'yes' }
  if (dialog === 'measure') {
    const { reason, suitable, ...rest } = v
    return v.answer === 'refused' ? { ...rest, refusal: { reason, suitable: suitable === 'yes' } } : rest
  }
  return v
}

/** The forms of everything that can be done to a case. */
export function useCaseForms(c: ComputedRef<HelpCase | null>, kind: ComputedRef<string>, colleagues: Ref<Choice[]>, words: Ref<Record<string, string>>): ComputedRef<Record<CaseDialog, CaseForm>> {
  const { t } = useI18n()
  const { choices } = useWords()
  const f = (key: string, kindOf: FormField['kind'], more: Partial<FormField> = {}): FormField => ({ key, kind: kindOf, label: t(`desk.field.${key}`), ...more })
  const yesNo = () => [{ value: 'yes', label: t('desk.yes') }, { value: 'no', label: t('desk.no') }]
  const will = (v?: { value: boolean }): string => (v ? (v.value ? 'yes' : 'no') : '')
  const fields = computed<Record<CaseDialog, FormField[]>>(() => ({
    assess: [
      ...(['basic', 'employment', 'skills', 'wish'] as const).map((k) => f(k, 'area', { hint: t(`desk.clearHint.${k}`), value: words.value[k] ?? '' })),
      f('willing', 'choice', { choices: yesNo(), value: will(c.value?.willing) }),
      f('able', 'choice', { choices: yesNo(), value: will(c.value?.able) }),
      f('evidence', 'text', { required: true, hint: t('desk.case.secondHint'), when: (v) => !!v.willing || !!v.able }),
    ],
    confirm: [f('ok', 'choice', { choices: [{ value: 'yes', label: t('desk.case.agree') }, { value: 'no', label: t('desk.case.disagree') }], value: 'yes', required: true })],
    plan: [f('goals', 'area', { required: true, hint: t('desk.case.goalsHint') }), f('measures', 'chips', { choices: choices('measure') })],
    next: [
      f('kind', 'choice', { choices: choices('nextKind'), value: 'visit', required: true }),
      f('due', 'date', { required: true, value: addDays(today.value, 7), min: today.value }), f('note', 'area'),
    ],
    measure: [
      f('kind', 'select', { choices: choices('measure'), required: true, value: kind.value }),
      f('on', 'date', { value: today.value, max: today.value, required: true }), f('detail', 'area', { required: true, hint: t('desk.case.detailHint') }),
      f('post_name', 'text', { when: (v) => ['job_referral', 'internship', 'welfare_post'].includes(String(v.kind)) }),
      f('starts_on', 'date', { when: (v) => ['job_referral', 'training_offer', 'internship', 'welfare_post'].includes(String(v.kind)) }),
      f('answer', 'choice', { choices: choices('answer'), when: (v) => ['job_referral', 'training_offer', 'internship', 'welfare_post', 'gig_placement'].includes(String(v.kind)) }),
      f('reason', 'text', { required: true, when: (v) => v.answer === 'refused' }),
      f('suitable', 'choice', { choices: yesNo(), value: 'yes', required: true, when: (v) => v.answer === 'refused' }),
      f('mass', 'switch'), f('outside_limits', 'switch', { when: (v) => v.kind === 'job_referral' }), f('evidence', 'text'),
    ],
    employed: [
      f('since', 'date', { required: true, value: today.value, max: today.value }),
      f('form', 'choice', { choices: choices('workForm'), required: true, value: 'full_time' }), f('evidence', 'text', { required: true, hint: t('desk.case.workProof') }),
    ],
    workLost: [f('on', 'date', { required: true, value: today.value, max: today.value })],
    followUp: [
      f('month', 'choice', { required: true, value: nextMonth(c.value), choices: ['1', '3', '6'].map((m) => ({ value: m, label: t('desk.case.monthN', { n: m }) })) }),
      f('on', 'date', { required: true, value: today.value, max: today.value }), f('employed', 'choice', { choices: yesNo(), value: 'yes', required: true }),
      f('evidence', 'text', { required: true, hint: t('desk.case.workProof') }),
    ],
    close: [f('reason', 'select', { choices: choices('closeReason'), required: true }), f('evidence', 'area', { required: true })],
    reopen: [f('reason', 'area', { required: true })],
    assign: [f('account_id', 'select', { required: true, choices: colleagues.value.filter((x) => x.value !== c.value?.owner.account_id), hint: t('desk.case.assignHint') })],
    refusals: [f('decision', 'choice', { choices: choices('decision'), required: true }), f('opinion', 'area', { required: true })],
  }))
  return computed(() => {
    const all = {} as Record<CaseDialog, CaseForm>
    for (const d of Object.keys(fields.value) as CaseDialog[]) {
      const submit = (key: string, v: FormValues) =>
        d === 'measure' ? addMeasure(c.value!.id, bodyOf(d, v), key) : actOnCase(c.value!.id, ACTS[d]!, bodyOf(d, v), key)
      all[d] = { fields: fields.value[d], submit }
    }
    return all
  })
}

function nextMonth(c: HelpCase | null): string {
  return String(c?.follow_ups.find((x) => !x.done_on)?.month ?? 1)
}
