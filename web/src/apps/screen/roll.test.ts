import { describe, expect, it } from 'vitest'
import { pageCount, pageOf } from './roll'

describe('the rolling list', () => {
  it('comes round to its beginning', () => {
    expect(pageOf([1, 2, 3, 4, 5], 0, 2)).toEqual([1, 2])
    expect(pageOf([1, 2, 3, 4, 5], 2, 2)).toEqual([5])
    expect(pageOf([1, 2, 3, 4, 5], 3, 2)).toEqual([1, 2])
  })
  it('bears a list that shrank under it', () => {
    expect(pageOf([1], 7, 2)).toEqual([1])
    expect(pageOf([], 7, 2)).toEqual([])
    expect(pageCount(0, 2)).toBe(0)
  })
})
