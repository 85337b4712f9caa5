import { computed, onScopeDispose, ref, shallowRef, watch, type Ref, type WatchSource } from 'vue'
import { asProblem, type Problem } from '@/api/problem'
import type { Page } from '@/api/types'

/** A value that is fetched: its state for the page, and a way to fetch it again. */
export interface Resource<T> {
  data: Ref<T | null>
  problem: Ref<Problem | null>
  loading: Ref<boolean>
  reload(): Promise<void>
}

interface Options {
  /** Fetch again when these change. */
  watch?: WatchSource | WatchSource[]
  /** Do not fetch at once. */
  lazy?: boolean
}

/** Fetches a value now and whenever `watch` changes; an older answer never overwrites a newer one. */
export function useResource<T>(load: (signal: AbortSignal) => Promise<T>, options: Options = {}): Resource<T> {
  const data = shallowRef<T | null>(null) as Ref<T | null>
  const problem = shallowRef<Problem | null>(null)
  const loading = ref(!options.lazy)
  let running: AbortController | null = null

  async function reload(): Promise<void> {
    running?.abort()
    const mine = new AbortController()
    running = mine
    loading.value = true
    try {
      const value = await load(mine.signal)
      if (running !== mine) return
      data.value = value
      problem.value = null
    } catch (error) {
      if (running !== mine) return
      problem.value = asProblem(error)
    } finally {
      if (running === mine) loading.value = false
    }
  }

  if (options.watch) watch(options.watch, () => void reload())
  if (!options.lazy) void reload()
  onScopeDispose(() => running?.abort())
  return { data, problem, loading, reload }
}

/** A list read page by page. */
export interface List<T> extends Resource<T[]> {
  total: Ref<number | null>
  more: Ref<boolean>
  loadingMore: Ref<boolean>
  loadMore(): Promise<void>
}

/** Reads a cursor list: the first page now, later ones on `loadMore`. */
export function useList<T>(
  load: (cursor: string, signal: AbortSignal) => Promise<Page<T>>,
  options: Options = {},
): List<T> {
  const total = ref<number | null>(null)
  const next = ref('')
  const loadingMore = ref(false)
  const first = useResource<T[]>(async (signal) => {
    const page = await load('', signal)
    next.value = page.next ?? ''
    total.value = page.total ?? null
    return page.items
  }, options)

  async function loadMore(): Promise<void> {
    if (!next.value || loadingMore.value) return
    loadingMore.value = true
    const cursor = next.value
    try {
      const page = await load(cursor, new AbortController().signal)
      if (next.value !== cursor) return // reloaded meanwhile
      first.data.value = [...(first.data.value ?? []), ...page.items]
      next.value = page.next ?? ''
    } catch (error) {
      first.problem.value = asProblem(error)
    } finally {
      loadingMore.value = false
    }
  }

  return { ...first, total, more: computed(() => next.value !== ''), loadingMore, loadMore }
}
