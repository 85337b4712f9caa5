import { describe, expect, it } from 'vitest'
import { creditCodeTrouble } from './creditCode'
import { emptyForm, inOrder, instants, newShift, paidMinutes, toDraft } from './postingDraft'
import { sheetText } from './sheet'

describe('a credit code', () => {
  it('is held to its length, its signs and its check digit', () => {
    expect(creditCodeTrouble('91330481MA2BXXXX')).toBe('length')
    expect(creditCodeTrouble('91330481MA2BI12345')).toBe('sign')
    expect(creditCodeTrouble('91350100M000100Y43')).toBe('')
    expect(creditCodeTrouble('91350100M000100Y44')).toBe('check')
  })
})

describe('a typed shift', () => {
  it('ends on the next day when its end is not after its start', () => {
    const night = { ...newShift('2026-11-30'), from: '22:00', to: '02:00' }
    expect(instants(night)).toEqual({ starts: '2026-11-30T22:00:00+08:00', ends: '2026-12-01T02:00:00+08:00' })
    expect(paidMinutes({ ...night, rest: '30' })).toBe(210)
  })
  it('is judged in the order of time, and left out while it is incomplete', () => {
    const rows = [newShift('2026-11-26'), newShift('2026-11-25'), { ...newShift('2026-11-24'), from: '' }]
    expect(inOrder(rows)).toEqual([rows[1], rows[0]])
  })
})

describe('a draft', () => {
  it('sends money in fen and leaves the form of work to the hours', () => {
    const draft = toDraft({ ...emptyForm('2026-11-24', '330481004201'), amount: '25.5', trade: 'packer' }, null)
    expect(draft.pay).toMatchObject({ amount_fen: 2550, unit: 'hour', settlement: 'daily', settlement_days: 1 })
    expect(draft.form).toBeUndefined()
    expect(draft.shifts).toHaveLength(1)
  })
  it('keeps what the page has no field for only while the trade stays', () => {
    const kept = { form: 'service' as const, flags: ['toxic'], certificates: ['forklift'], min_age: 21, trade: 'packer', village: 'v', lat: 1, lng: 2 }
    const form = { ...emptyForm('2026-11-24', 'v'), trade: 'packer' }
    expect(toDraft(form, kept)).toMatchObject({ form: 'service', flags: ['toxic'], min_age: 21, lat: 1 })
    expect(toDraft({ ...form, trade: 'cleaner' }, kept)).toMatchObject({ flags: [], min_age: 18 })
  })
})

describe('a sheet', () => {
  it('quotes commas and lets no cell become a formula', () => {
    expect(sheetText([['a,b', '=1+1', 'c"d']])).toBe('\uFEFF"a,b",\'=1+1,"c""d"\r\n')
  })
})
