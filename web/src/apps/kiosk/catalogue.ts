import type { PostingPage } from '@/api/types'

const KEY = 'lg.kiosk.catalogue'

/** The last catalogue this kiosk saw: public postings only, never anything of a visitor. */
export interface Catalogue {
  at: string
  page: PostingPage
}

/** Keeps the unfiltered list for the time the network is away. */
export function keepCatalogue(page: PostingPage, at: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ at, page }))
  } catch {
    // a full or locked storage only costs the offline list
  }
}

/** The kept list, or null. */
export function lastCatalogue(): Catalogue | null {
  try {
    const text = localStorage.getItem(KEY)
    return text ? (JSON.parse(text) as Catalogue) : null
  } catch {
    return null
  }
}
