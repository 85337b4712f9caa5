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
  /** `earlier`: it arrived as it was before this change; the changed words are kept under a new id. */
  state: 'writing' | 'waiting' | 'refused' | 'earlier'
  body: VisitBody
  problem?: string
  saved_at: string
  /** The id under which its earlier words arrived. */
  was?: string
}

/** The server's visit, as it has it. */
type Send = (body: VisitBody) => Promise<{ summary?: string } | void>
type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** The list of one account on one device. */
export class Drafts {
  readonly all: Ref<Draft[]> = ref([])
  private sending: Promise<number> | null = null

  constructor(
    private readonly key: string,
    private readonly storage: Kept,
    private readonly send: Send,
  ) {
    this.reread()
  }

  find(id: string): Draft | undefined {
    return this.all.value.find((d) => d.client_id === id) ?? this.all.value.find((d) => d.was === id)
  }

  /** Takes what another window of this browser has kept or sent meanwhile. */
  reread(): void {
    try {
      this.all.value = JSON.parse(this.storage.getItem(this.key) ?? '[]') as Draft[]
    } catch {
      // unreadable: what this window holds stays, and is written anew with the next change
    }
  }

  /** Keeps a draft as it is now. False when this device cannot keep it: the writer must be told. */
  keep(draft: Draft): boolean {
    return this.change((list) => [...list.filter((d) => d.client_id !== draft.client_id), draft])
  }

  drop(id: string): void {
    this.change((list) => list.filter((d) => d.client_id !== id))
  }

  /** Sends what waits, one after the other; the number that arrived. */
  flush(): Promise<number> {
    this.sending ??= this.flushNow().finally(() => (this.sending = null))
    return this.sending
  }

  private async flushNow(): Promise<number> {
    let arrived = 0
    const tried = new Set<string>()
    // looked for anew each time, so that what is saved while others are being sent goes too
    const next = (): Draft | undefined => this.all.value.find((d) => d.state === 'waiting' && !tried.has(d.client_id))
    for (let draft = next(); draft; draft = next()) {
      tried.add(draft.client_id)
      try {
        const had = await this.send(draft.body)
        // an id that arrived before answers with the words it had then
        if (had?.summary !== undefined && had.summary !== draft.body.summary) this.putBeside(draft)
        else this.drop(draft.client_id)
        arrived++
      } catch (error) {
        const problem = asProblem(error)
        if (later(problem)) return arrived // no connection or not signed in: the rest would fare alike
        if (problem.code === REUSED) this.putBeside(draft)
        else this.keep({ ...draft, state: 'refused', problem: problem.detail })
      }
    }
    return arrived
  }

  /** The first words arrived though their answer was lost; the later ones are not thrown away. */
  private putBeside(draft: Draft): void {
    const client_id = crypto.randomUUID()
    this.drop(draft.client_id)
    this.keep({ ...draft, client_id, was: draft.client_id, state: 'earlier', body: { ...draft.body, client_id } })
  }

  /** Changes the list as it stands in storage, so that two windows do not undo each other. */
  private change(make: (list: Draft[]) => Draft[]): boolean {
    if (this.writable) this.reread()
    this.all.value = make(this.all.value)
    try {
      if (this.all.value.length) this.storage.setItem(this.key, JSON.stringify(this.all.value))
      else this.storage.removeItem(this.key)
      this.writable = true
    } catch {
      this.writable = false // full or forbidden: from now on this window's own list is the newest
    }
    return this.writable
  }
  private writable = true
}

/** The server knows this id with other words. */
const REUSED = 'idempotency_key_reused'

/** Trouble that passes by itself; anything else the writer must mend. */
function later(p: Problem): boolean {
  return p.offline || p.status === 401 || p.status === 429 || p.status >= 500
}

const lists = new Map<string, Drafts>()
const RETRY_MS = 30_000

/** The drafts of whoever is signed in. */
export function useDrafts(): { drafts: Drafts; kept: ComputedRef<Draft[]> } {
  const session = useSession()
  const account = session.me.account_id ?? ''
  const key = `lg.visits.${account}`
  let drafts = lists.get(key)
  if (!drafts) {
    const made = new Drafts(key, localStorage, recordVisit)
    lists.set(key, made)
    // another person may sign in on the same device: her name must not be under these visits
    const flush = (): void => void (session.me.account_id === account && made.all.value.length && made.flush())
    window.addEventListener('online', flush)
    window.addEventListener('storage', (e) => e.key === key && made.reread())
    setInterval(flush, RETRY_MS)
    flush()
    drafts = made
  }
  const list = drafts
  return { drafts: list, kept: computed(() => list.all.value) }
}
