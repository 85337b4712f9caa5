import { describe, expect, it } from 'vitest'
import type { Recognition } from '@/api/types-desk'
import { answersOf, blank, factsOf, formOf } from './applyFacts'
import { addMonths, conditionsOf, grouped, procedure } from './recognitionWords'

describe('an application', () => {
  it('sends only what the chosen categories ask for', () => {
    const told = { ...blank(), registered: '2026-01-05', kind: '4', level: '2', benefitFrom: '2026-02-01', income: 'dibao' }
    expect(factsOf(told, ['H1'])).toEqual({ registered_unemployed_on: '2026-01-05' })
    expect(factsOf(told, ['H5', 'H4'])).toEqual({ registered_unemployed_on: '2026-01-05', low_income: 'dibao', disability: { kind: 4, level: 2 } })
  })

  it('keeps the end of the benefit only when it has ended', () => {
    const told = { ...blank(), benefitFrom: '2026-02-01', benefitTo: '2026-08-01' }
    expect(factsOf(told, ['H3'])).toEqual({ benefit_from: '2026-02-01' })
    expect(factsOf({ ...told, drawing: false }, ['H3'])).toEqual({ benefit_from: '2026-02-01', benefit_to: '2026-08-01' })
  })

  it('comes back from the server as it was told', () => {
    const told = { ...blank(), registered: '2026-01-05', kind: '4', level: '2', support: true }
    expect(answersOf(factsOf(told, ['H5']))).toEqual(told)
  })

  it('has the first category as its main one unless told', () => {
    expect(formOf('p', ['H4', 'H1'], '', {}).primary).toBe('H4')
    expect(formOf('p', ['H4', 'H1'], 'H1', {}).primary).toBe('H1')
    expect(formOf('p', ['H4'], 'H1', {}).primary).toBe('H4')
  })
})

describe('conditions', () => {
  const f = (rule: string, category: string, condition: string) => ({ rule, category, condition, met: null, evidence: '', source: '', hard: true })

  it('tells two conditions of one rule apart', () => {
    const found = conditionsOf([f('R-HARD', 'H1', 'a'), f('R-HARD', 'H1', 'b'), f('R-HARD-01', 'H1', '6 months'), f('R-HARD-01', 'H1', '45 years')])
    expect(found.map((c) => [c.key, c.needed])).toEqual([['registered', 0], ['idle', 0], ['h1months', 6], ['h1age', 45]])
  })

  it('stand with what all share first', () => {
    const groups = grouped([f('R-HARD-02', 'H4', 'age'), f('R-HARD-H4', 'H4', 'income'), f('R-HARD-01', 'H1', '6')])
    expect(groups.map((g) => g.category)).toEqual(['', 'H1', 'H4'])
  })

  it('count months over the year', () => {
    expect(addMonths('2026-08', 6)).toBe('2027-02')
    expect(addMonths('1981-12', 540)).toBe('2026-12')
  })
})

describe('the procedure', () => {
  const step = (from: string, to: string) => ({ step: 'x', from, to, at: '', by_role: 'caseworker' })
  const states = (r: object) => procedure(r as Recognition, String, () => '').map((s) => s.state).join(' ')

  it('stands where it stands', () => {
    expect(states({ status: 'publicity', steps: [] })).toBe('done done done now next next')
    expect(states({ status: 'recognised', valid_from: '2026-01-01', steps: [] })).toBe('done done done done done done')
  })

  it('failed at the step where it was left', () => {
    expect(states({ status: 'exited', steps: [step('draft', 'submitted'), step('submitted', 'exited')] })).toBe('done failed next next next next')
    expect(states({ status: 'refused', steps: [step('county_decision', 'refused')] })).toBe('done done done done failed next')
  })
})
