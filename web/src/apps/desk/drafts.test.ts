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
    const again = new Drafts('k', storage, async (b) => void sent.push(b))
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
    const d = new Drafts('k', memory(), async (b) => void sent.push(b))
    d.keep(draft('a', 'writing'))
    await d.flush()
    expect(sent).toHaveLength(0)
  })
  it('saved while others are being sent go with them', async () => {
    const d: Drafts = new Drafts('k', memory(), async (b) => void (b.client_id === 'a' && d.keep(draft('b'))))
    d.keep(draft('a'))
    expect(await d.flush()).toBe(2)
    expect(d.all.value).toHaveLength(0)
  })
  it('of two windows do not undo each other', () => {
    const storage = memory()
    const one = new Drafts('k', storage, async () => undefined)
    const two = new Drafts('k', storage, async () => undefined)
    one.keep(draft('a'))
    two.keep(draft('b'))
    one.keep(draft('c'))
    expect(new Drafts('k', storage, async () => undefined).all.value.map((d) => d.client_id)).toEqual(['a', 'b', 'c'])
  })
  it('changed after they arrived unnoticed are kept beside, never sent over', async () => {
    const d = new Drafts('k', memory(), async () => { throw new Problem({ status: 422, code: 'idempotency_key_reused' }) })
    d.keep(draft('a'))
    await d.flush()
    expect(d.all.value).toHaveLength(1)
    const [left] = d.all.value
    expect(left).toMatchObject({ state: 'earlier', was: 'a' })
    expect(left.client_id).not.toBe('a')
    expect(left.body.client_id).toBe(left.client_id)
    expect(d.find('a')).toEqual(left)
  })
  it('that an older answer covers are kept beside too', async () => {
    const d = new Drafts('k', memory(), async () => ({ summary: 'first words' }))
    d.keep(draft('a'))
    await d.flush()
    expect(d.all.value).toMatchObject([{ state: 'earlier', was: 'a' }])
  })
  it('are held in this window when the device cannot keep them, and it says so', () => {
    const full = { ...memory(), setItem: () => { throw new Error('full') } } as unknown as Storage
    const d = new Drafts('k', full, async () => undefined)
    expect(d.keep(draft('a'))).toBe(false)
    expect(d.keep(draft('b'))).toBe(false)
    expect(d.all.value).toHaveLength(2)
  })
})
