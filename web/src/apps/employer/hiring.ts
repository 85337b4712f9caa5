import type { EngagementEvent } from '@/api/types'
import type { Hired } from '@/api/types-employer'

/** What the employer does next, first things first; each engagement offers at most one of them as its main act. */
const MAIN: EngagementEvent[] = ['accept', 'check-in', 'check-out', 'confirm-hours', 'pay', 'rate']
/** Acts that undo or object; they stay quiet. */
const SIDE: EngagementEvent[] = ['refuse', 'no-show', 'cancel', 'dispute']

/** These need no question first. */
export const AT_ONCE: EngagementEvent[] = ['accept', 'check-in', 'check-out']
/** These need a reason, which the other side is told. */
export const REASONED: EngagementEvent[] = ['refuse', 'no-show', 'cancel', 'dispute']

/** The hours are stated on this side and the worker has not answered yet. */
export function waitsForWorker(e: Hired): boolean {
  return !!e.minutes_by_employer && !e.minutes_by_worker && ['checked_in', 'checked_out'].includes(e.status)
}

export function mainAct(e: Hired): EngagementEvent | null {
  if (waitsForWorker(e)) return null
  return MAIN.find((a) => e.next.includes(a)) ?? null
}
export function sideActs(e: Hired): EngagementEvent[] {
  const again = waitsForWorker(e) && e.next.includes('confirm-hours') ? (['confirm-hours'] as EngagementEvent[]) : []
  return [...again, ...SIDE.filter((a) => e.next.includes(a))]
}

/** The hours to propose: what the worker says, else what was stated here before, else the plan; both times are shown beside it. */
export function proposedMinutes(e: Hired): number {
  if (e.minutes_by_worker) return e.minutes_by_worker
  if (e.minutes_by_employer) return e.minutes_by_employer
  return e.planned_minutes
}

/** Hours still to be agreed, by this employer. */
export const hoursDue = (e: Hired): boolean => e.next.includes('confirm-hours') && !waitsForWorker(e)

/** Those whose place is taken or asked for: not the ones who withdrew, were refused or lapsed. */
const GONE = ['withdrawn', 'declined', 'refused', 'lapsed', 'cancelled']
export const counts = (e: Hired): boolean => !GONE.includes(e.status)
