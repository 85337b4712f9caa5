import type { OwnPosting, OwnShift, PostingDraft } from '@/api/types-employer'
import type { Posting } from '@/api/types'
import { shanghai } from '@/lib/clock'
import { parseYuan, yuan } from '@/lib/money'
import { addDays } from '@/lib/when'

/** One shift as it is typed: Shanghai wall-clock; an end at or before the start is on the next day. */
export interface ShiftRow {
  id?: string
  date: string
  from: string
  to: string
  rest: string
  people: string
  /** Places already taken; such a shift may not be removed. */
  filled?: number
}

/** A posting as it is typed. Amounts stay texts until they are sent. */
export interface PostingForm {
  title: string
  trade: string
  village: string
  address: string
  shifts: ShiftRow[]
  amount: string
  unit: string
  pieces: string
  settlement: string
  days: string
  meals: boolean
  lodging: boolean
  insurance: string
  bring: string
  transport: string
  description: string
  noExperience: boolean
  suitedOlder: boolean
  urgent: boolean
  site: boolean
  projectNo: string
}

/** What an existing posting says that this page has no field for; sent back unchanged. */
export type Kept = Pick<PostingDraft, 'form' | 'lat' | 'lng' | 'flags' | 'certificates' | 'min_age' | 'tools' | 'suited_disabled'> & {
  trade: string
  village: string
}

export const UNITS = ['hour', 'day', 'piece', 'job', 'month'] as const
export const SETTLEMENTS = ['daily', 'weekly', 'on_completion', 'monthly'] as const
export const INSURANCES = ['accident', 'work_injury', 'single', 'none'] as const

/** Days from the end of work to the money that each way of settling usually means. */
const USUAL_DAYS: Record<string, string> = { daily: '1', weekly: '7', on_completion: '3', monthly: '30' }
export const usualDays = (settlement: string): string => USUAL_DAYS[settlement] ?? '1'

/** A new shift: four hours in the morning of a day, two people. */
export function newShift(date: string): ShiftRow {
  return { date, from: '08:00', to: '12:00', rest: '0', people: '2' }
}

/** A fresh form for work tomorrow, at the employer's own place. */
export function emptyForm(tomorrow: string, village: string): PostingForm {
  return {
    title: '', trade: '', village, address: '', shifts: [newShift(tomorrow)], amount: '', unit: 'hour', pieces: '',
    settlement: 'daily', days: '1', meals: false, lodging: false, insurance: 'accident', bring: '', transport: '', description: '',
    noExperience: true, suitedOlder: false, urgent: false, site: false, projectNo: '',
  }
}

/** Minutes of rest left out of the pay, never below none. */
const whole = (text: string): number => Math.max(0, Math.round(Number(text) || 0))

/** The instants of a typed shift, or null while it is not complete. */
export function instants(s: ShiftRow): { starts: string; ends: string } | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(s.date) || !/^\d{2}:\d{2}/.test(s.from) || !/^\d{2}:\d{2}/.test(s.to)) return null
  const last = s.to <= s.from ? addDays(s.date, 1) : s.date
  return { starts: `${s.date}T${s.from.slice(0, 5)}:00+08:00`, ends: `${last}T${s.to.slice(0, 5)}:00+08:00` }
}

/** Paid minutes of a typed shift; 0 while it is not complete. */
export function paidMinutes(s: ShiftRow): number {
  const at = instants(s)
  return at ? Math.max(0, (Date.parse(at.ends) - Date.parse(at.starts)) / 60_000 - whole(s.rest)) : 0
}

function toShift(s: ShiftRow): OwnShift | null {
  const at = instants(s)
  if (!at) return null
  return { ...(s.id ? { id: s.id } : {}), starts_at: at.starts, ends_at: at.ends, break_minutes: whole(s.rest), headcount: whole(s.people) }
}

/** Shifts in the order the server judges them, so that its findings can be led back to their rows. */
export function inOrder(shifts: ShiftRow[]): ShiftRow[] {
  const at = (s: ShiftRow): number => Date.parse(instants(s)?.starts ?? '') || 0
  return shifts.filter((s) => instants(s)).sort((a, b) => at(a) - at(b))
}

/** What is sent: empty fields are left out, so the server can say what is missing. */
export function toDraft(f: PostingForm, kept: Kept | null): PostingDraft {
  const same = kept?.trade === f.trade
  const flags = new Set(same ? kept?.flags ?? [] : [])
  if (f.site) flags.add('construction')
  else flags.delete('construction')
  return {
    title: f.title.trim(),
    trade: f.trade,
    description: f.description.trim(),
    // by the hours, unless it is a form that hours do not decide
    ...(kept?.form && !['part_time', 'short_full_time'].includes(kept.form) ? { form: kept.form } : {}),
    ...(f.village ? { village: f.village } : {}),
    address: f.address.trim(),
    ...(kept && kept.village === f.village ? { lat: kept.lat, lng: kept.lng } : {}),
    pay: {
      amount_fen: parseYuan(f.amount) ?? 0,
      unit: f.unit as NonNullable<PostingDraft['pay']>['unit'],
      ...(f.unit === 'piece' && whole(f.pieces) ? { pieces_per_hour: whole(f.pieces) } : {}),
      settlement: f.settlement as NonNullable<PostingDraft['pay']>['settlement'],
      settlement_days: whole(f.days),
      payer: 'employer',
    },
    shifts: inOrder(f.shifts).flatMap((s) => toShift(s) ?? []),
    meals: f.meals,
    lodging: f.lodging,
    insurance: f.insurance as PostingDraft['insurance'],
    bring: f.bring.trim(),
    transport: f.transport.trim(),
    no_experience: f.noExperience,
    suited_older: f.suitedOlder,
    urgent: f.urgent,
    ...(f.site ? { project_no: f.projectNo.trim() } : {}),
    flags: [...flags],
    ...(same ? { certificates: kept?.certificates, min_age: kept?.min_age } : { min_age: 18 }),
    ...(kept ? { tools: kept.tools, suited_disabled: kept.suited_disabled } : {}),
  }
}

type Source = OwnPosting | Posting

/** A saved posting's shift as it is typed. */
function toRow(s: Source['shifts'][number]): ShiftRow {
  const from = shanghai(s.starts_at)
  return {
    id: s.id, date: from.date, from: from.time, to: shanghai(s.ends_at).time,
    rest: String(s.break_minutes ?? 0), people: String(s.headcount), filled: s.filled ?? 0,
  }
}

/** A saved posting as it is typed. */
export function fromPosting(p: Source): PostingForm {
  return {
    title: p.title, trade: p.trade, village: p.village, address: p.address, shifts: p.shifts.map(toRow),
    amount: p.pay.amount_fen ? yuan(p.pay.amount_fen).replace(/,/g, '') : '', unit: p.pay.unit ?? 'hour',
    pieces: 'pieces_per_hour' in p.pay && p.pay.pieces_per_hour ? String(p.pay.pieces_per_hour) : '',
    settlement: p.pay.settlement ?? 'daily', days: String(p.pay.settlement_days ?? 1),
    meals: p.meals ?? false, lodging: p.lodging ?? false, insurance: p.insurance, bring: p.bring ?? '', transport: p.transport ?? '',
    description: p.description, noExperience: p.no_experience, suitedOlder: p.suited_older, urgent: p.urgent,
    site: p.flags.includes('construction'), projectNo: ('project_no' in p && p.project_no) || '',
  }
}

/** An old posting's terms for a new one: its first day moves to `date`, the later ones with it. */
export function copyOf(p: Source, date: string): PostingForm {
  const form = fromPosting(p)
  const first = form.shifts.map((s) => s.date).sort()[0]
  const by = first ? Math.round((Date.parse(date) - Date.parse(first)) / 86_400_000) : 0
  return { ...form, shifts: form.shifts.map((s) => ({ date: addDays(s.date, by), from: s.from, to: s.to, rest: s.rest, people: s.people })) }
}

/** What of a saved posting this page keeps untouched. */
export function keptOf(p: OwnPosting): Kept {
  return {
    form: p.form, lat: p.lat, lng: p.lng, flags: p.flags, certificates: p.certificates, min_age: p.min_age, tools: p.tools,
    suited_disabled: p.suited_disabled, trade: p.trade, village: p.village,
  }
}
