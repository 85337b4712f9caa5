import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { asProblem, Problem } from '@/api/problem'
import type { VisitBody } from '@/api/types-desk'
import { recordVisit } from '@/api/visits'
import { useSession } from '@/stores/session'

/**
 * Visits written on this device that the server has not got yet. Each has its client_id from
 * the first letter on, so sending it twice makes one visit. It leaves this list only when the
 * server has it, or when its writer throws it away.
 */
export interface Draft {
  client_id: string
  /** Who it is about, as the page showed it (masked). */
  label: string
  state: 'writing' | 'waiting' | 'refused'
  body: VisitBody
  problem?: string
  saved_at: string
}

type Send = (body: VisitBody) => Promise<unknown>

/** The list of one account on one device. */
export class Drafts {
  readonly all: Ref<Draft[]> = ref([])
  private sending: Promise<number> | null = null

  constructor(
    private readonly key: string,
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
    private readonly send: Send,
  ) {
    try {
      this.all.value = JSON.parse(storage.getItem(key) ?? '[]') as Draft[]
    } catch {
      this.all.value = []
    }
  }

  find(id: string): Draft | undefined {
    return this.all.value.find((d) => d.client_id === id)
  }

  /** Keeps a draft as it is now. False when this device cannot keep it: the writer must be told. */
  keep(draft: Draft): boolean {
    const rest = this.all.value.filter((d) => d.client_id !== draft.client_id)
    return this.write([...rest, draft])
  }

  drop(id: string): void {
    this.write(this.all.value.filter((d) => d.client_id !== id))
  }

  /** Sends what waits, one after the other; the number that arrived. */
  flush(): Promise<number> {
    this.sending ??= this.flushNow().finally(() => (this.sending = null))
    return this.sending
  }

  private async flushNow(): Promise<number> {
    let arrived = 0
    for (const draft of this.all.value.filter((d) => d.state === 'waiting')) {
      const problem = await this.send(draft.body).then(() => null, asProblem)
      if (!problem) {
        this.drop(draft.client_id)
        arrived++
      } else if (later(problem)) {
        return arrived // no connection or not signed in: the rest would fare alike
      } else {
        this.keep({ ...draft, state: 'refused', problem: problem.detail })
      }
    }
    return arrived
  }

  private write(list: Draft[]): boolean {
    this.all.value = list
    try {
      if (list.length) this.storage.setItem(this.key, JSON.stringify(list))
      else this.storage.removeItem(this.key)
      return true
    } catch {
      return false
    }
  }
}

/** Trouble that passes by itself; anything else the writer must mend. */
function later(p: Problem): boolean {
  return p.offline || p.status === 401 || p.status === 429 || p.status >= 500
}

const lists = new Map<string, Drafts>()
const RETRY_MS = 30_000

/** The drafts of whoever is signed in. */
export function useDrafts(): { drafts: Drafts; kept: ComputedRef<Draft[]> } {
  const key = `lg.visits.${useSession().me.account_id ?? ''}`
  let drafts = lists.get(key)
  if (!drafts) {
    const made = new Drafts(key, localStorage, recordVisit)
    lists.set(key, made)
    window.addEventListener('online', () => void made.flush())
    setInterval(() => made.all.value.length && void made.flush(), RETRY_MS)
    void made.flush()
    drafts = made
  }
  const list = drafts
  return { drafts: list, kept: computed(() => list.all.value) }
}
