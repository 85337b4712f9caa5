import { listPlacements, type PlacementQuery } from '@/api/welfare'
import type { Placement, WelfareCandidate } from '@/api/types-desk'
import type { Step } from '@/ui'
import { daysBetween } from '@/lib/when'

export const POST_STATUSES = ['applied', 'town_check', 'recognised', 'announced', 'open', 'filled', 'closed', 'refused'] as const
export const PLACEMENT_STATUSES = ['proposed', 'qualification_check', 'publicity', 'contracted', 'on_post', 'exiting', 'exited', 'refused'] as const

/** What brings each status forward: the act, what it needs, and whose work it is. */
export interface WelfareStage {
  act: string
  may: string
  role: 'caseworker' | 'town_officer' | 'bureau'
}

export const POST_STAGES: Record<string, WelfareStage> = {
  applied: { act: 'check', may: 'welfare.town', role: 'town_officer' },
  town_check: { act: 'recognise', may: 'welfare.decide', role: 'bureau' },
  recognised: { act: 'announce', may: 'welfare.decide', role: 'bureau' },
  announced: { act: 'open', may: 'welfare.decide', role: 'bureau' },
}

export const PLACEMENT_STAGES: Record<string, WelfareStage> = {
  proposed: { act: 'check', may: 'welfare.town', role: 'town_officer' },
  qualification_check: { act: 'publish', may: 'welfare.decide', role: 'bureau' },
  publicity: { act: 'contract', may: 'welfare.decide', role: 'bureau' },
  contracted: { act: 'start', may: 'placement.write', role: 'caseworker' },
  exiting: { act: 'exit', may: 'welfare.decide', role: 'bureau' },
}

/** A term that is over does not end by itself: somebody has to begin the exit. */
export const OVERDUE: WelfareStage = { act: 'begin-exit', may: 'placement.write', role: 'caseworker' }

const POST_ORDER = ['applied', 'town_check', 'recognised', 'announced', 'open']
const PLACEMENT_ORDER = ['proposed', 'qualification_check', 'publicity', 'contracted', 'on_post', 'exited']

function stepsOf(order: string[], at: number, failed: boolean, label: (s: string) => string, note: (s: string) => string): Step[] {
  return order.map((s, i) => ({
    key: s, label: label(s), note: note(s), state: i < at ? 'done' : i > at ? 'next' : failed ? 'failed' : 'now',
  }))
}

/** A post that is open has come to the end of its procedure. */
export function postSteps(status: string, label: (s: string) => string, note: (s: string) => string): Step[] {
  const ended = ['open', 'filled', 'closed'].includes(status)
  const at = status === 'refused' ? 2 : ended ? POST_ORDER.length : POST_ORDER.indexOf(status)
  return stepsOf(POST_ORDER, at, status === 'refused', label, note)
}

export function placementSteps(status: string, label: (s: string) => string, note: (s: string) => string): Step[] {
  const at = status === 'refused' ? 1 : status === 'exiting' ? 5 : status === 'exited' ? 6 : PLACEMENT_ORDER.indexOf(status)
  return stepsOf(PLACEMENT_ORDER, at, status === 'refused', label, note)
}

export const ENDING = [30, 60, 90] as const

/** Days until a running term ends; null when it does not run. */
export function daysLeft(p: Placement, today: string): number | null {
  return p.ends_on && (p.status === 'on_post' || p.status === 'exiting') ? daysBetween(today, p.ends_on) : null
}

export function endingWithin(list: Placement[], days: number, today: string): Placement[] {
  return list
    .filter((p) => (daysLeft(p, today) ?? Infinity) <= days)
    .sort((a, b) => (a.ends_on ?? '').localeCompare(b.ends_on ?? ''))
}

/** The lowest number that a free candidate has: who ranks after it needs a reason. */
export function bestRank(list: WelfareCandidate[]): number {
  return Math.min(...list.filter((c) => !c.blockers.length).map((c) => c.rank))
}

/** Every placement of a query, page after page; the server cannot filter by the day a term ends. */
export async function everyPlacement(query: PlacementQuery): Promise<Placement[]> {
  const all: Placement[] = []
  let cursor = ''
  for (let page = 0; page < 20; page++) {
    const got = await listPlacements({ ...query, cursor, limit: 200 })
    all.push(...got.items)
    cursor = got.next ?? ''
    if (!cursor) break
  }
  return all
}
