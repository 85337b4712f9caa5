import { afterEach, describe, expect, it, vi } from 'vitest'
import { get, post } from './client'
import { Intention } from './intention'
import { Live } from './live'
import { Problem } from './problem'

const answer = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' } })

/** Answers every fetch from a list and keeps the requests. */
function server(...answers: (Response | Error)[]): Request[] {
  const seen: Request[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    seen.push(request)
    const next = answers.shift()
    if (!next) throw new Error('no more answers')
    if (next instanceof Error) throw next
    return next
  })
  return seen
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('a call', () => {
  it('names itself, the language, the key and the version', async () => {
    const seen = server(answer(200, { ok: true }))
    await post('/postings/{id}/publish', { path: { id: 'a b' }, key: 'k1', version: 3, body: {} })
    expect(seen[0].url).toContain('/api/v1/postings/a%20b/publish')
    expect(seen[0].method).toBe('POST')
    expect(seen[0].headers.get('x-linggong')).toBe('1')
    expect(seen[0].headers.get('accept-language')).toBe('zh-CN')
    expect(seen[0].headers.get('idempotency-key')).toBe('k1')
    expect(seen[0].headers.get('if-match')).toBe('"3"')
  })

  it('leaves out filters that are off', async () => {
    const seen = server(answer(200, {}))
    await get('/postings', { query: { q: '装卸', meals: false, town: '', date: undefined, limit: 20 } })
    expect(new URL(seen[0].url).search).toBe(`?q=${encodeURIComponent('装卸')}&limit=20`)
  })

  it('throws the problem as the server words it', async () => {
    server(answer(422, { code: 'pay_below_minimum', detail: '低于最低工资', rule: 'R-PT-05', errors: [{ name: 'pay', message: '太低' }] }))
    const problem = await get('/x').catch((e: unknown) => e)
    expect(problem).toBeInstanceOf(Problem)
    expect(problem).toMatchObject({ status: 422, code: 'pay_below_minimum', rule: 'R-PT-05' })
    expect((problem as Problem).field('pay')).toBe('太低')
  })

  it('says offline when nobody answers', async () => {
    server(new TypeError('Failed to fetch'))
    expect(await get('/x').catch((e: unknown) => e)).toMatchObject({ code: 'offline', status: 0 })
  })
})

describe('an intention', () => {
  it('keeps its key while the answer is unknown, and takes a new one afterwards', async () => {
    const intention = new Intention()
    const keys: string[] = []
    const lost = async (key: string): Promise<never> => {
      keys.push(key)
      throw new Problem({ status: 0, code: 'offline' })
    }
    await intention.run(['shift', '138'], lost).catch(() => undefined)
    await intention.run(['shift', '138'], lost).catch(() => undefined)
    await intention.run(['shift', '138'], async (key) => keys.push(key))
    await intention.run(['shift', '138'], async (key) => keys.push(key))
    expect(keys[0]).toBe(keys[1])
    expect(keys[1]).toBe(keys[2])
    expect(keys[3]).not.toBe(keys[2])
  })

  it('takes a new key for other content and after a refusal', async () => {
    const intention = new Intention()
    const keys: string[] = []
    const refuse = async (key: string): Promise<never> => {
      keys.push(key)
      throw new Problem({ status: 409, code: 'shift_full' })
    }
    await intention.run(['a'], refuse).catch(() => undefined)
    await intention.run(['a'], refuse).catch(() => undefined)
    await intention.run(['b'], refuse).catch(() => undefined)
    expect(new Set(keys).size).toBe(3)
  })
})

describe('the live stream', () => {
  class FakeSource extends EventTarget {
    static made: FakeSource[] = []
    onopen: (() => void) | null = null
    onerror: (() => void) | null = null
    closed = false
    constructor(readonly url: string) {
      super()
      FakeSource.made.push(this)
    }
    close(): void {
      this.closed = true
    }
    tell(change: object): void {
      this.dispatchEvent(new MessageEvent('change', { data: JSON.stringify(change) }))
    }
  }

  function listen(catchUp: () => void) {
    FakeSource.made = []
    return new Live({ topics: ['postings'], catchUp, source: (url) => new FakeSource(url) as unknown as EventSource })
  }

  it('reads once after a burst of changes', () => {
    vi.useFakeTimers()
    const catchUp = vi.fn()
    const live = listen(catchUp)
    FakeSource.made[0].onopen?.()
    for (let i = 0; i < 20; i++) FakeSource.made[0].tell({ topic: 'postings', kind: 'gig.posting_published', id: 'x', at: '' })
    vi.advanceTimersByTime(500)
    expect(catchUp).toHaveBeenCalledTimes(1)
    live.close()
  })

  it('comes back after a break and catches up, polling meanwhile', () => {
    vi.useFakeTimers()
    const catchUp = vi.fn()
    const live = listen(catchUp)
    FakeSource.made[0].onerror?.()
    vi.advanceTimersByTime(5000)
    FakeSource.made[1].onerror?.()
    expect(live.state.value).toBe('polling')
    vi.advanceTimersByTime(31_000)
    expect(catchUp).toHaveBeenCalled()
    const before = catchUp.mock.calls.length
    FakeSource.made.at(-1)!.onopen?.()
    expect(live.state.value).toBe('live')
    expect(catchUp.mock.calls.length).toBe(before + 1)
    live.close()
    expect(FakeSource.made.at(-1)!.closed).toBe(true)
  })
})
