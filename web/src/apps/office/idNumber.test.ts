import { describe, expect, it } from 'vitest'
import { derive } from './idNumber'

describe('what an ID number says', () => {
  const today = '2026-11-23'
  it('is birth, sex and age', () => {
    expect(derive('330481197001010028', today)).toEqual({ sex: 'female', year: 1970, month: 1, age: 56 })
    expect(derive(' 33048119701124001x', today)).toEqual({ sex: 'male', year: 1970, month: 11, age: 55 })
  })
  it('is nothing while it is unfinished or impossible', () => {
    for (const id of ['', '3304811970', '330481197002300028', '330481203001010028', '330481197013010028']) expect(derive(id, today)).toBeNull()
  })
})
