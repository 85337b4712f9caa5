import { describe, expect, it } from 'vitest'
import type { Account, Parameter } from '@/api/types-admin'
import zh from '@/i18n/zh-CN/admin.json'
import { dated, historyOf, SUBJECTS, subjectOf } from './parameterWords'
import { newPassword } from './password'
import { bare, covers } from './staff'

const value = (valid_from: string, more: Partial<Parameter> = {}): Parameter => ({
  key: 'wage.hour', region: '330481', value: '2300', unit: 'fen', valid_from, source: 's', rule: 'r', confirmed: true, note: '', ...more,
})

describe('dated values', () => {
  const all = dated([value('2024-01-01'), value('2026-01-01'), value('2027-01-01'), value('2025-01-01', { region: '33' })], '2026-11-23')
  it('end on the eve of the next value of the same place', () => {
    expect(all.map((p) => p.until)).toEqual(['2025-12-31', '2026-12-31', '', ''])
  })
  it('are past, in force or to come', () => {
    expect(all.map((p) => p.state)).toEqual(['past', 'now', 'coming', 'now'])
  })
  it('keep a history of their own place, newest first', () => {
    expect(historyOf(all, all[0]).map((p) => p.valid_from)).toEqual(['2027-01-01', '2026-01-01', '2024-01-01'])
  })
})

describe('subjects', () => {
  it('have every parameter, unknown ones under other', () => {
    expect(subjectOf('hard.publicity_days')).toBe('recognition')
    expect(subjectOf('brand.new')).toBe('other')
    expect(SUBJECTS.every((s) => s in zh.parameter.subject)).toBe(true)
  })
})

describe('a first password', () => {
  it('can be read out and is never the same', () => {
    const some = Array.from({ length: 50 }, newPassword)
    expect(some.every((p) => /^[a-hj-km-np-z2-9]{4}(-[a-hj-km-np-z2-9]{4}){3}$/.test(p))).toBe(true)
    expect(new Set(some).size).toBe(50)
  })
})

describe('places', () => {
  const of = (...codes: string[]): Account => ({ regions: codes.map((code) => ({ code, name: '' })) }) as Account
  it('are compared without the zeros that only fill them', () => {
    expect([bare('330481000000'), bare('330481101000'), bare('330481101200'), bare('330481110000')]).toEqual(['330481', '330481101', '330481101200', '330481110'])
  })
  it('cover what is inside and around them, and no neighbour', () => {
    expect(covers(of('330481101003'), '330481101000')).toBe(true)
    expect(covers(of('330481101000'), '330481101003')).toBe(true)
    expect(covers(of('330481102000'), '330481101000')).toBe(false)
    expect(covers(of(), '330481101000')).toBe(false)
  })
})
