import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Placement, PlacementMove, Proposal, WelfareCandidate, WelfarePost, WelfarePostForm } from '@/api/types-desk'
import { applyPost, movePlacement, movePost, proposePlacement, recordMonth } from '@/api/welfare'
import { today } from '@/lib/clock'
import { parseYuan } from '@/lib/money'
import { useMeta } from '@/stores/meta'
import { useSession } from '@/stores/session'
import type { Choice } from '@/ui'
import type { FormField, FormValues } from '../office/form'

export interface WelfareDialog {
  fields: FormField[]
  submit: (key: string, values: FormValues) => Promise<unknown>
}

export const EXIT_REASONS = [
  'employed', 'retired', 'deceased', 'unable', 'breach', 'term_expired', 'recognition_ended', 'resigned', 'post_closed', 'fraud',
] as const
const POST_ACTS = ['check', 'recognise', 'announce', 'open', 'refuse', 'close'] as const
const PLACEMENT_ACTS = ['check', 'publish', 'contract', 'start', 'begin-exit', 'exit', 'refuse', 'month'] as const
export type PostActName = (typeof POST_ACTS)[number]
export type PlacementActName = (typeof PLACEMENT_ACTS)[number]

function useField() {
  const { t } = useI18n()
  return (key: string, kind: FormField['kind'], more: Partial<FormField> = {}): FormField => ({ key, kind, label: t(`deskhelp.welfareField.${key}`), ...more })
}

/** The villages a new post may stand in. */
function useVillages(): ComputedRef<Choice[]> {
  const meta = useMeta()
  const session = useSession()
  void meta.loadRegions()
  return computed(() => {
    const mine = session.me.regions
    const towns = meta.towns.filter((x) => !mine.length || mine.some((r) => r.code === x.code))
    return towns.flatMap((town) => meta.villagesOf(town.code).map((v) => ({ value: v.code, label: `${town.name} · ${v.name}` })))
  })
}

export function postBody(v: FormValues): WelfarePostForm {
  const text = (k: string): string => String(v[k] ?? '')
  return {
    number: text('number'), title: text('title'), unit_name: text('unit_name'), village: text('village'), duties: text('duties'),
    funding: text('funding'), wage_unit: v.wage_unit === 'hour' ? 'hour' : 'month', wage_fen: parseYuan(text('wage_fen')) ?? 0,
    places: Number(v.places), hours_day: Number(v.hours_day), days_week: Number(v.days_week), term_months: Number(v.term_months),
  }
}

/** The form of a new post. */
export function usePostForm(): ComputedRef<WelfareDialog> {
  const { t } = useI18n()
  const f = useField()
  const villages = useVillages()
  return computed(() => ({
    fields: [
      f('number', 'text', { required: true }), f('title', 'text', { required: true, hint: t('deskhelp.welfareHint.title') }),
      f('unit_name', 'text', { required: true }), f('village', 'select', { required: true, choices: villages.value }),
      f('duties', 'area', { required: true }), f('places', 'number', { required: true, value: '1', min: '1', max: '200' }),
      f('hours_day', 'number', { required: true, value: '8', min: '1', max: '8' }), f('days_week', 'number', { required: true, value: '5', min: '1', max: '6' }),
      f('wage_unit', 'choice', { required: true, value: 'month', choices: (['month', 'hour'] as const).map((value) => ({ value, label: t(`deskhelp.wageUnit.${value}`) })) }),
      f('wage_fen', 'text', { required: true, hint: t('deskhelp.welfareHint.wage') }), f('funding', 'text', { required: true, value: t('deskhelp.welfareHint.funding') }),
      f('term_months', 'number', { required: true, value: '36', min: '1', max: '36', hint: t('deskhelp.welfareHint.term') }),
    ],
    submit: (key, v) => applyPost(postBody(v), key),
  }))
}

/** The forms of every act on a post. */
export function usePostForms(post: ComputedRef<WelfarePost | null>): ComputedRef<Record<PostActName, WelfareDialog>> {
  const f = useField()
  const reason = (): FormField => f('reason', 'area', { required: true })
  return computed(() => {
    const all = {} as Record<PostActName, WelfareDialog>
    for (const act of POST_ACTS) {
      all[act] = { fields: act === 'refuse' || act === 'close' ? [reason()] : [], submit: (key, v) => movePost(post.value!.id, act, String(v.reason ?? ''), key) }
    }
    return all
  })
}

/** The forms of every act on a placement. */
export function usePlacementForms(item: ComputedRef<Placement | null>): ComputedRef<Record<PlacementActName, WelfareDialog>> {
  const { t } = useI18n()
  const f = useField()
  const why = (): FormField[] => [
    f('reason', 'select', { required: true, value: item.value?.exit_reason ?? '', choices: EXIT_REASONS.map((value) => ({ value, label: t(`deskhelp.placementExit.${value}`) })) }),
    f('exited_on', 'date', { required: true, value: item.value?.exited_on ?? today.value }),
  ]
  const fields = computed<Record<PlacementActName, FormField[]>>(() => ({
    check: [],
    publish: [],
    contract: [f('starts_on', 'date', { required: true, value: today.value, hint: t('deskhelp.welfareHint.starts') })],
    start: [f('registration_ref', 'text', { hint: t('deskhelp.welfareHint.registration') })],
    'begin-exit': why(),
    exit: why(),
    refuse: [f('reason', 'area', { required: true })],
    month: [
      f('month', 'select', { required: true, choices: monthsOf(item.value), value: monthsOf(item.value)[0]?.value ?? '' }),
      f('days', 'number', { required: true, min: '0', max: '31' }),
    ],
  }))
  return computed(() => {
    const all = {} as Record<PlacementActName, WelfareDialog>
    for (const act of PLACEMENT_ACTS) {
      const submit = (key: string, v: FormValues) =>
        act === 'month' ? recordMonth(item.value!.id, String(v.month), Number(v.days), key) : movePlacement(item.value!.id, act, v as PlacementMove, key)
      all[act] = { fields: fields.value[act], submit }
    }
    return all
  })
}

/** The months of the term up to this one, newest first. */
export function monthsOf(p: Placement | null, until = today.value.slice(0, 7)): Choice[] {
  if (!p?.starts_on) return []
  const out: Choice[] = []
  const last = p.ends_on && p.ends_on.slice(0, 7) < until ? p.ends_on.slice(0, 7) : until
  let [y, m] = last.split('-').map(Number)
  while (out.length < 60) {
    const month = `${y}-${String(m).padStart(2, '0')}`
    if (month < p.starts_on.slice(0, 7)) break
    out.push({ value: month, label: month })
    if (--m === 0) [y, m] = [y - 1, 12]
  }
  return out
}

/** What is asked when a candidate is proposed; after somebody who ranks before, a reason is needed. */
export function useProposalForm(post: ComputedRef<WelfarePost | null>, who: ComputedRef<WelfareCandidate | null>, best: ComputedRef<number>): ComputedRef<WelfareDialog> {
  const { t } = useI18n()
  const f = useField()
  return computed(() => {
    const after = !!who.value && who.value.rank > best.value
    return {
      fields: [
        f('relative', 'switch'), f('detail', 'text', { required: true, when: (v) => v.relative === true }),
        f('departs_from_rank_reason', 'area', { required: after, hint: t(after ? 'deskhelp.welfareHint.rankNeeded' : 'deskhelp.welfareHint.rank') }),
      ],
      submit: (key, v) => {
        const body: Proposal = {
          post_id: post.value!.id, person_id: who.value!.person_id,
          conflict: { relative: v.relative === true, ...(v.detail ? { detail: String(v.detail) } : {}) },
          ...(v.departs_from_rank_reason ? { departs_from_rank_reason: String(v.departs_from_rank_reason) } : {}),
        }
        return proposePlacement(body, key)
      },
    }
  })
}
