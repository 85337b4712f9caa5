import type { Posting, PostingHit, Shift } from '@/api/types'
import { distanceWords } from './geo'
import { yuan } from './money'
import type { Locale } from './when'

/** The shift a seeker most likely means: on the asked date with room, else the first with room, else the first. */
export function likelyShift(posting: Posting, date: string): Shift | null {
  const open = posting.shifts.filter((s) => s.open > 0)
  return open.find((s) => s.date === date) ?? open[0] ?? posting.shifts[0] ?? null
}

/** What one shift pays, in fen, as an estimate to show; null when it cannot be known beforehand (piece work). */
export function shiftPay(posting: Posting, shift: Shift): number | null {
  const { pay } = posting
  if (pay.unit === 'day' || pay.unit === 'job') return pay.amount_fen
  if (pay.unit === 'hour') return Math.round(pay.amount_fen * shift.hours)
  return pay.hour_fen ? Math.round(pay.hour_fen * shift.hours) : null
}

/** Where a gig is, shortest first: 马桥街道 经都社区. */
export function placeName(p: { town_name: string; village_name: string }): string {
  return [p.town_name, p.village_name].filter(Boolean).join(' ')
}

/** A plain fact to say about a gig: a key under ui.reason or ui.caution and its words. */
export interface Remark {
  key: string
  words: Record<string, string>
}

const NEAR_M = 5000
const WELL_PAID_FEN = 200

/** What speaks for a gig, from its own facts, for somebody the server does not know; it decides nothing. */
export function plainReasons(p: PostingHit, minimumHourFen: number | undefined, locale: Locale): Remark[] {
  const found: Remark[] = []
  if (p.distance_m !== undefined && p.distance_m <= NEAR_M) found.push({ key: 'near', words: { d: distanceWords(p.distance_m, locale) } })
  const above = p.pay.hour_fen && minimumHourFen ? p.pay.hour_fen - minimumHourFen : 0
  if (above >= WELL_PAID_FEN) found.push({ key: 'pay', words: { n: yuan(above) } })
  if (p.pay.settlement === 'daily') found.push({ key: 'daily', words: {} })
  if (p.no_experience) found.push({ key: 'easy', words: {} })
  if (p.suited_older) found.push({ key: 'older', words: {} })
  return found
}

const CAUTIONS = new Set(['height', 'heavy', 'toxic', 'night', 'machine', 'food'])

/** What to be careful about: hard or dangerous work, and none insured. */
export function cautions(p: Posting): Remark[] {
  const found = p.flags.filter((f) => CAUTIONS.has(f)).map((f) => ({ key: f, words: {} }))
  if (p.insurance === 'none' || !p.insurance) found.push({ key: 'uninsured', words: {} })
  return found
}
