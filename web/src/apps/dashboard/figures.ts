import type { Indicator } from '@/api/types-dashboard'
import { count } from '@/lib/money'

/** A number with the unit it is printed in. */
export interface Figure {
  text: string
  unit: string
}

type Measured = Pick<Indicator, 'unit' | 'display_unit' | 'scale'>

/** At most `digits` decimals, without trailing zeros, thousands by commas. */
export function decimals(n: number, digits = 2): string {
  const [whole, part = ''] = Math.abs(n).toFixed(digits).split('.')
  const kept = part.replace(/0+$/, '')
  const text = count(Number(whole)) + (kept ? `.${kept}` : '')
  return n < 0 && Number(text.replace(/,/g, '')) !== 0 ? `-${text}` : text
}

/**
 * A raw value as the plan prints it (22843 → 2.28 万人). What would round to
 * nothing there is told in its raw unit, so eleven people never read as 0.
 */
export function figure(i: Measured, value: number | null | undefined): Figure | null {
  if (value === null || value === undefined) return null
  if (i.scale > 1 && Math.abs(value) >= i.scale / 10) return { text: decimals(value / i.scale), unit: i.display_unit }
  return { text: decimals(value), unit: i.scale > 1 ? i.unit : i.display_unit }
}

const SIGNS: Record<string, string> = { '>=': '≥', '<=': '≤', '>': '>', '<': '<' }

/** The comparator as it is read: ≥. */
export const sign = (comparator: string | undefined): string => SIGNS[comparator ?? ''] ?? ''

/** The value that is held against the target. */
export function judgedValue(i: Pick<Indicator, 'judged' | 'ours' | 'reported'>): number | null {
  if (i.judged === 'reported') return i.reported?.value ?? null
  if (i.judged === 'ours') return i.ours?.value ?? null
  return null
}

/** How far along, 0 to 1 of the bar; null where no bar makes sense. */
export function share(i: Indicator, value: number | null): number | null {
  if (value === null || !i.target || i.lower_is_better) return null
  return Math.max(0, Math.min(1, value / i.target))
}

/** The twelve months of a year; one without facts or a report is null, not 0. */
export function twelve(i: Pick<Indicator, 'trend' | 'year'>): Indicator['trend'] {
  const known = new Map(i.trend.map((m) => [m.month, m]))
  return Array.from({ length: 12 }, (_, n) => {
    const month = `${i.year}-${String(n + 1).padStart(2, '0')}`
    return known.get(month) ?? { month, ours: null, reported: null }
  })
}

/**
 * What one month of ours means: of 帮扶率 the persons first helped in it (its
 * denominator is a state), of other ratios the month's own ratio, else its flow.
 */
export function monthly(i: Pick<Indicator, 'key' | 'nature'>): 'persons' | 'ratio' | 'flow' {
  if (i.key === '3') return 'persons'
  return i.nature === 'ratio' ? 'ratio' : 'flow'
}

export type Verdict = 'met' | 'onpace' | 'behind' | 'short' | 'missed' | 'waiting' | 'none'

/**
 * The server says what is met. What is not met yet is told apart: on or behind a
 * steady pace, short of a state that is due at the year's end, or missed. Nothing
 * reported yet is not the same as not applicable (a zero denominator).
 */
export function verdict(i: Indicator, asOf: string): Verdict {
  const value = judgedValue(i)
  if (value === null) return i.ours?.denominator === 0 && i.judged === 'ours' ? 'none' : 'waiting'
  if (i.met === null || i.met === undefined) return 'none'
  if (i.met) return 'met'
  const running = asOf < `${i.year}-12-31`
  if (running && i.expected !== null) return value >= i.expected ? 'onpace' : 'behind'
  if (running && i.nature !== 'ratio') return 'short'
  return 'missed'
}

/** What is missing to the target, as a positive raw value; null when met or unknown. */
export function gap(i: Indicator): number | null {
  const value = judgedValue(i)
  if (value === null || i.target === null || i.met !== false) return null
  const missing = i.lower_is_better ? value - i.target : i.target - value
  return missing > 0 ? missing : null
}

/** One class of the map's colours: from `from` up to (not including) `to`. */
export interface Band {
  from: number
  to: number
}

const NICE = [1, 2, 2.5, 5, 10]

/** At most five even classes with round limits over the values; a ratio ends at 100. */
export function bands(values: (number | null)[], ratio: boolean): Band[] {
  const known = values.filter((v): v is number => v !== null && (ratio || v > 0))
  if (!known.length) return []
  const high = ratio ? Math.max(100, ...known) : Math.max(...known)
  const low = ratio ? Math.min(high - 10, Math.min(...known)) : 0
  const rough = Math.max((high - low) / 5, ratio ? 2 : 1)
  const power = 10 ** Math.floor(Math.log10(rough))
  const steps = ratio ? NICE : NICE.filter((n) => Number.isInteger(n * power))
  const step = (steps.find((n) => n * power >= rough) ?? 10) * power
  const first = Math.floor(low / step) * step
  const out: Band[] = []
  for (let from = first; from < high || !out.length; from += step) out.push({ from, to: from + step })
  return out
}

/** The class a value falls into, -1 for none; the last class takes its upper limit too. */
export function bandOf(all: Band[], value: number | null): number {
  if (value === null) return -1
  const n = all.findIndex((b) => value >= b.from && value < b.to)
  return n < 0 && all.length && value >= all[all.length - 1].to ? all.length - 1 : n
}

/** "2026" or "2026-10" taken apart. */
export function periodParts(period: string): { y: string; m: string } {
  const [y, m = ''] = period.split('-')
  return { y, m: m ? String(Number(m)) : '' }
}
