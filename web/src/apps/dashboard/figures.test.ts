import { describe, expect, it } from 'vitest'
import type { Indicator } from '@/api/types-dashboard'
import { bandOf, bands, figure, share, verdict } from './figures'

const people = { unit: 'p', display_unit: 'wp', scale: 10000 }
const base = { year: 2026, judged: 'ours', ours: { value: null, numerator: 0, denominator: 0 }, met: null, target: 100, expected: null } as unknown as Indicator

const DAY = '2026-11-23'

describe('figures', () => {
  it('print large numbers in the unit of the plan and small ones raw', () => {
    expect(figure(people, 22843)).toEqual({ text: '2.28', unit: 'wp' })
    expect(figure(people, 11)).toEqual({ text: '11', unit: 'p' })
  })
  it('keep what is not known apart from zero', () => {
    expect(figure(people, null)).toBeNull()
    expect(figure(people, 0)).toEqual({ text: '0', unit: 'p' })
  })
  it('call a zero denominator not applicable, neither 0 nor 100', () => {
    expect(verdict(base, DAY)).toBe('none')
    expect(share(base, null)).toBeNull()
  })
  it('tell behind from on pace by the expected value', () => {
    const i = { ...base, met: false, ours: { value: 60, numerator: 60 }, expected: 50 } as Indicator
    expect(verdict(i, DAY)).toBe('onpace')
    expect(verdict({ ...i, expected: 70 }, DAY)).toBe('behind')
  })
  it('call a target missed only when its year is over', () => {
    const i = { ...base, met: false, nature: 'ratio', ours: { value: 60, numerator: 60, denominator: 100 }, expected: 70 } as Indicator
    expect(verdict(i, '2026-12-30')).toBe('behind')
    expect(verdict(i, '2026-12-31')).toBe('missed')
  })
  it('colour a map in at most a handful of round classes, zero left out of a count', () => {
    expect(bands([0, null], false)).toEqual([])
    const all = bands([0, 3, 41, 97], false)
    expect(all.length).toBeLessThanOrEqual(6)
    for (const v of [3, 41, 97]) expect(bandOf(all, v)).toBeGreaterThanOrEqual(0)
    expect(bandOf(all, null)).toBe(-1)
    expect(bandOf(bands([88, 100], true), 100)).toBe(bands([88, 100], true).length - 1)
  })
})
