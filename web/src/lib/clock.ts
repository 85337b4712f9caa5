import { computed, ref } from 'vue'

/** China keeps one zone without summer time, so a fixed offset is exact and needs no zone data. */
const SHANGHAI_MS = 8 * 3600_000

/** Server time minus device time; kiosks are often minutes or years off. */
const skew = ref(0)
const tick = ref(Date.now())

if (typeof window !== 'undefined') setInterval(() => (tick.value = Date.now()), 30_000)

/** Sets the page's clock by the server's `now` (from GET /meta or a board). */
export function setServerNow(now: string): void {
  const ms = Date.parse(now)
  if (!Number.isNaN(ms)) skew.value = ms - Date.now()
  tick.value = Date.now()
}

/** The instant shown on this page, in milliseconds; moves every half minute. */
export const nowMs = computed(() => tick.value + skew.value)

/** Today's business date in Shanghai, YYYY-MM-DD. */
export const today = computed(() => shanghai(nowMs.value).date)

/** The wall clock in Shanghai of an instant. */
export function shanghai(at: string | number | Date): { date: string; time: string } {
  const ms = at instanceof Date ? at.getTime() : typeof at === 'number' ? at : Date.parse(at)
  const iso = new Date(ms + SHANGHAI_MS).toISOString()
  return { date: iso.slice(0, 10), time: iso.slice(11, 16) }
}
