import type { Recognition } from '@/api/types-desk'
import type { RecognitionFinding } from '@/api/types-deskhelp'
import { today } from '@/lib/clock'
import type { Step } from '@/ui'

export const CATEGORIES = ['H1', 'H2', 'H3', 'H4', 'H5', 'H6'] as const

/** The queue's shelves: the statuses of each, in the order of the procedure. */
export const SHELVES = {
  draft: ['draft', 'returned'],
  check: ['submitted'],
  review: ['data_checked'],
  publicity: ['town_review', 'publicity', 'objection'],
  decide: ['county_decision'],
  valid: ['recognised', 'suspended'],
  over: ['refused', 'exited', 'revoked'],
} as const

export type Shelf = keyof typeof SHELVES

/** Shelves somebody still has to work on before there is a decision. */
export const UNDER_WAY: Shelf[] = ['draft', 'check', 'review', 'publicity', 'decide']

export const statusesOf = (...shelves: Shelf[]): string => shelves.flatMap((s) => [...SHELVES[s]]).join(',')
export const shelfOf = (status: string): Shelf =>
  (Object.keys(SHELVES) as Shelf[]).find((s) => (SHELVES[s] as readonly string[]).includes(status)) ?? 'over'

/** The move that brings each status forward. */
export const MAIN_MOVE: Record<string, string> = {
  draft: 'submit', returned: 'submit', submitted: 'check', data_checked: 'review', town_review: 'publish', publicity: 'close-publicity',
  objection: 'resolve-objection', county_decision: 'decide', suspended: 'resume', refused: 'appeal',
}

/** The move the reader is asked for now, or "" when it is another's turn. */
export function mainMove(r: Recognition): string {
  if (r.status === 'recognised') {
    const proposed = r.owner_role === 'bureau'
    const renewal = proposed ? 'renew' : 'propose-renewal'
    return (proposed || (r.due ?? '') <= today.value) && r.next.includes(renewal) ? renewal : ''
  }
  const move = MAIN_MOVE[r.status] ?? ''
  return r.next.includes(move) ? move : ''
}

/** The reader is the one it waits for; others may be able to stand in, but it is not their turn. */
export const myTurn = (r: Recognition, role: string): boolean => r.owner_role === role && !!mainMove(r)

/** It is the reader's office's turn, but this very person may not do it. */
export function needsSecondPerson(r: Recognition, role: string): boolean {
  return r.owner_role === role && ['data_checked', 'town_review', 'objection', 'county_decision'].includes(r.status) && !mainMove(r)
}

export type ConditionKey =
  | 'age' | 'registered' | 'idle' | 'ready' | 'h1months' | 'h1age' | 'h2' | 'h3' | 'h4' | 'h5card' | 'h5support' | 'h6' | 'other'

/** One rule may judge two conditions; they always come in this order. */
const KEYS: Record<string, ConditionKey[]> = {
  'R-HARD-02': ['age'], 'R-HARD': ['registered', 'idle', 'ready'], 'R-HARD-01': ['h1months', 'h1age'], 'R-HARD-H2': ['h2'],
  'R-HARD-H3': ['h3'], 'R-HARD-H4': ['h4'], 'R-HARD-H5': ['h5card', 'h5support'], 'R-HARD-H6': ['h6'],
}

export interface JudgedCondition extends RecognitionFinding {
  key: ConditionKey
  /** The number the condition asks for (months, years), where it has one. */
  needed: number
}

export function conditionsOf(findings: RecognitionFinding[]): JudgedCondition[] {
  const seen: Record<string, number> = {}
  return findings.map((f) => {
    const nth = (seen[f.rule] = (seen[f.rule] ?? -1) + 1)
    return { ...f, key: KEYS[f.rule]?.[nth] ?? 'other', needed: Number(/\d+/.exec(f.condition)?.[0] ?? 0) }
  })
}

/** Conditions every category shares come first, then each category's own. */
export function grouped(findings: RecognitionFinding[]): { category: string; conditions: JudgedCondition[] }[] {
  const all = conditionsOf(findings)
  const common = all.filter((c) => c.rule === 'R-HARD' || c.rule === 'R-HARD-02')
  const own = CATEGORIES.map((category) => ({ category: category as string, conditions: all.filter((c) => c.category === category && !common.includes(c)) }))
  return [{ category: '', conditions: common }, ...own].filter((g) => g.conditions.length)
}

export function verdictOf(findings: RecognitionFinding[]): { unmet: number; unknown: number } {
  return { unmet: findings.filter((f) => f.met === false && f.hard).length, unknown: findings.filter((f) => f.met === null).length }
}

/** A month moved by whole months: 1981-03 and 12 give 1982-03. */
export function addMonths(month: string, months: number): string {
  const [y, m] = month.split('-').map(Number)
  const n = y * 12 + (m - 1) + months
  return `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`
}

const ORDER: Shelf[] = ['draft', 'check', 'review', 'publicity', 'decide', 'valid']

/** The procedure as steps: where it stands, and what each finished step says. One that ended early failed where it was left. */
export function procedure(r: Recognition, label: (shelf: Shelf) => string, note: (shelf: Shelf) => string): Step[] {
  const failed = shelfOf(r.status) === 'over' && !r.valid_from
  const left = [...r.steps].reverse().find((s) => s.to === r.status)?.from ?? 'draft'
  const at = r.valid_from ? ORDER.length : ORDER.indexOf(shelfOf(failed ? left : r.status))
  return ORDER.map((shelf, i) => ({
    key: shelf,
    label: label(shelf),
    note: note(shelf),
    state: i < at ? 'done' : i > at ? 'next' : failed ? 'failed' : 'now',
  }))
}
