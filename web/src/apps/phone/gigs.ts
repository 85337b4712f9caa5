import type { Engagement } from '@/api/types'

const OVER = new Set(['settled', 'closed', 'withdrawn', 'declined', 'refused', 'lapsed', 'cancelled', 'no_show'])
const AHEAD = new Set(['confirmed', 'checked_in', 'checked_out'])

/** Nothing more will happen to it. */
export function isOver(e: Engagement): boolean {
  return OVER.has(e.status) && e.next.length === 0
}

/** The gig to show first: one at work now, else the soonest ahead. */
export function nextGig(all: Engagement[]): Engagement | null {
  const ahead = all.filter((e) => AHEAD.has(e.status))
  const now = ahead.find((e) => e.status === 'checked_in')
  const soonest = [...ahead].sort((a, b) => a.shift.starts_at.localeCompare(b.shift.starts_at))
  return now ?? soonest[0] ?? null
}

/** Invitations that wait for an answer. */
export function waiting(all: Engagement[]): Engagement[] {
  return all.filter((e) => e.status === 'invited' && e.next.includes('confirm'))
}
