import { describe, expect, it } from 'vitest'
import { offlineProblem, Problem } from '@/api/problem'
import { Drafts, type Draft } from './drafts'

function memory(): Storage {
  const held = new Map<string, string>()
  return { getItem: (k: string) => held.get(k) ?? null, setItem: (k: string, v: string) => void held.set(k, v), removeItem: (k: string) => void held.delete(k) } as unknown as Storage
}
const draft = (id: string, state: Draft['state'] = 'waiting'): Draft => ({
  client_id: id, label: 'x', state, saved_at: '2026-11-23T00:00:00Z', body: { client_id: id, kind: 'household', summary: 's' },
})

describe('visits written without a connection', () => {
  it('survive a restart of the page and leave when the server has them', async () => {
    const storage = memory()
    new Drafts('k', storage, async () => undefined).keep(draft('a'))
    const sent: unknown[] = []
    const again = new Drafts('k', storage, async (b) => sent.push(b))
    expect(again.all.value).toHaveLength(1)
    expect(await again.flush()).toBe(1)
    expect(sent).toHaveLength(1)
    expect(storage.getItem('k')).toBeNull()
  })
  it('stay while there is no connection, and none is lost or doubled', async () => {
    const d = new Drafts('k', memory(), async () => { throw offlineProblem() })
    d.keep(draft('a'))
    d.keep(draft('b'))
    d.keep(draft('a'))
    expect(await d.flush()).toBe(0)
    expect(d.all.value.map((x) => x.client_id).sort()).toEqual(['a', 'b'])
  })
  it('are kept with the reason when the server refuses them', async () => {
    const d = new Drafts('k', memory(), async () => { throw new Problem({ status: 422, code: 'bad', detail: 'why' }) })
    d.keep(draft('a'))
    await d.flush()
    expect(d.all.value[0]).toMatchObject({ state: 'refused', problem: 'why' })
  })
  it('are not sent while they are being written', async () => {
    const sent: unknown[] = []
    const d = new Drafts('k', memory(), async (b) => sent.push(b))
    d.keep(draft('a', 'writing'))
    await d.flush()
    expect(sent).toHaveLength(0)
  })
})
