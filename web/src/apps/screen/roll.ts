/** Which slice of a list a page shows; the list may have changed since, so the page is wrapped. */
export function pageOf<T>(all: T[], page: number, size: number): T[] {
  const pages = pageCount(all.length, size)
  const at = pages ? ((page % pages) + pages) % pages : 0
  return all.slice(at * size, at * size + size)
}

/** How many pages a list fills. */
export function pageCount(length: number, size: number): number {
  return Math.ceil(length / size)
}
