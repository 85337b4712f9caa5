import { describe, expect, it } from 'vitest'
import type { Indicator } from '@/api/types-dashboard'
import { figure, share, verdict } from './figures'

const people = { unit: 'p', display_unit: 'wp', scale: 10000 }
const base = { judged: 'ours', ours: { value: null, numerator: 0, denominator: 0 }, met: null, target: 100, expected: null } as unknown as Indicator

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
    expect(verdict(base)).toBe('none')
    expect(share(base, null)).toBeNull()
  })
  it('tell behind from on pace by the expected value', () => {
    const i = { ...base, met: false, ours: { value: 60, numerator: 60 }, expected: 50 } as Indicator
    expect(verdict(i)).toBe('onpace')
    expect(verdict({ ...i, expected: 70 })).toBe('behind')
  })
})
