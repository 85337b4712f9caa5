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
  const [whole, part = ''] = n.toFixed(digits).split('.')
  const kept = part.replace(/0+$/, '')
  return count(Number(whole)) + (kept ? `.${kept}` : '')
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
export function judgedValue(i: Indicator): number | null {
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

export type Verdict = 'met' | 'behind' | 'onpace' | 'none'

/** Met, on the way, behind a steady pace, or not applicable. The server says what is met. */
export function verdict(i: Indicator): Verdict {
  if (i.met === null || i.met === undefined) return 'none'
  if (i.met) return 'met'
  const value = judgedValue(i)
  if (value !== null && i.expected !== null && value >= i.expected) return 'onpace'
  return 'behind'
}
