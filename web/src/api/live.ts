import { onScopeDispose, ref, type Ref } from 'vue'
import { BASE } from './client'

export type LiveState = 'connecting' | 'live' | 'polling'

/** What changed: ids only, never personal data. */
export interface LiveChange {
  topic: string
  /** The act, e.g. gig.posting_published. */
  kind: string
  id?: string
  at: string
}

export interface LiveOptions {
  topics: string[]
  /** One change, as it happens. */
  onEvent?(change: LiveChange): void
  /** Read everything anew: after every (re)connection, and each `pollEvery` while the stream is away. */
  catchUp(): void | Promise<void>
  pollEvery?: number
  /** Quiet time before `catchUp` after events, so a burst is one read. 0 = never after events. */
  settle?: number
  source?: (url: string) => EventSource
}

/** A live subscription: reconnects with growing waits, polls meanwhile, never leaks. */
export class Live {
  readonly state: Ref<LiveState> = ref('connecting')
  private stream: EventSource | null = null
  private timers = new Set<ReturnType<typeof setTimeout>>()
  private settling: ReturnType<typeof setTimeout> | null = null
  private poll: ReturnType<typeof setInterval> | null = null
  private failures = 0
  private closed = false

  constructor(private readonly options: LiveOptions) {
    this.open()
  }

  /** Ends the subscription. */
  close(): void {
    this.closed = true
    this.stream?.close()
    this.stream = null
    for (const timer of this.timers) clearTimeout(timer)
    if (this.settling) clearTimeout(this.settling)
    this.stopPolling()
  }

  private open(): void {
    if (this.closed) return
    const url = `${BASE}/live?topics=${encodeURIComponent(this.options.topics.join(','))}`
    const make = this.options.source ?? ((u: string) => new EventSource(u))
    const stream = make(url)
    this.stream = stream
    stream.onopen = () => {
      const again = this.failures > 0
      this.failures = 0
      this.state.value = 'live'
      this.stopPolling()
      if (again) void this.options.catchUp()
    }
    stream.onerror = () => this.reopen(stream)
    // every change comes under one event name, with its topic inside
    stream.addEventListener('change', (event) => this.receive((event as MessageEvent<string>).data))
  }

  private receive(text: string): void {
    let change: LiveChange
    try {
      change = JSON.parse(text) as LiveChange
    } catch {
      return // not one of ours
    }
    this.options.onEvent?.(change)
    const settle = this.options.settle ?? 400
    if (settle > 0 && !this.settling) {
      this.settling = setTimeout(() => {
        this.settling = null
        void this.options.catchUp()
      }, settle)
    }
  }

  private reopen(stream: EventSource): void {
    if (this.closed || this.stream !== stream) return
    stream.close()
    this.stream = null
    this.failures++
    if (this.failures >= 2) this.startPolling()
    // the jitter keeps a hundred screens from returning in the same second
    const wait = Math.min(30_000, 1000 * 2 ** Math.min(this.failures, 5)) * (0.75 + Math.random() / 2)
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      this.open()
    }, wait)
    this.timers.add(timer)
  }

  private startPolling(): void {
    this.state.value = 'polling'
    this.poll ??= setInterval(() => void this.options.catchUp(), this.options.pollEvery ?? 30_000)
  }

  private stopPolling(): void {
    if (this.poll) clearInterval(this.poll)
    this.poll = null
  }
}

/** A live subscription that ends with the component. */
export function useLive(options: LiveOptions): Live {
  const live = new Live(options)
  onScopeDispose(() => live.close())
  return live
}
