import { describe, expect, it } from 'vitest'
import { distanceWords, metresBetween, rideMinutes } from './geo'
import { count, money, parseYuan, percentOfRatio, yuan } from './money'
import { groupCode, groupPhone, isMobile } from './phone'
import { pictureOf } from './pictogram'
import { surnamesFor } from './surnames'
import { addDays, ago, dayWords, daysBetween, durationWords, fullDate, instantWords, timeRange } from './when'

const TODAY = '2026-11-23'

describe('money', () => {
  it.each([
    [2600, '26'],
    [2650, '26.5'],
    [2655, '26.55'],
    [5, '0.05'],
    [12345600, '123,456'],
    [-2600, '-26'],
    [0, '0'],
  ])('%i fen reads %s', (fen, text) => expect(yuan(fen)).toBe(text))

  it('puts the sign before the yuan', () => {
    expect(money(2600)).toBe('￥26')
    expect(money(-2600)).toBe('-￥26')
  })

  it.each([
    ['26', 2600],
    ['26.5', 2650],
    ['￥1,234.56', 123456],
    ['180元', 18000],
    ['26.555', null],
    ['abc', null],
    ['', null],
    ['-3', null],
  ])('typed %s is %s fen', (text, fen) => expect(parseYuan(text)).toBe(fen))

  it('counts and shares', () => {
    expect(count(12480)).toBe('12,480')
    expect(percentOfRatio(0.853)).toBe('85.3%')
    expect(percentOfRatio(1)).toBe('100%')
  })
})

describe('dates in words', () => {
  it.each([
    ['2026-11-22', '昨天'],
    ['2026-11-23', '今天'],
    ['2026-11-24', '明天'],
    ['2026-11-25', '后天'],
    ['2026-11-30', '11月30日 周一'],
    ['2027-01-04', '2027年1月4日 周一'],
  ])('%s is %s', (date, words) => expect(dayWords(date, TODAY, 'zh-CN')).toBe(words))

  it('speaks English too', () => {
    expect(dayWords('2026-11-24', TODAY, 'en')).toBe('Tomorrow')
    expect(fullDate('2026-11-24', TODAY, 'en')).toBe('Tue 24 Nov')
    expect(durationWords(90, 'en')).toBe('1.5 h')
  })

  it('counts across months and leap days', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(daysBetween('2026-11-23', '2027-11-23')).toBe(365)
  })

  it('shows Shanghai time whatever the device says', () => {
    expect(timeRange('2026-11-23T23:00:00Z', '2026-11-24T09:00:00Z', 'zh-CN')).toBe('07:00–17:00')
    expect(instantWords('2026-11-23T16:30:00Z', TODAY, 'zh-CN')).toBe('明天 00:30')
  })

  it('says when a shift ends the next day', () => {
    expect(timeRange('2026-11-23T22:00:00+08:00', '2026-11-24T06:00:00+08:00', 'zh-CN')).toBe('22:00–次日 06:00')
  })

  it('says how long ago', () => {
    const now = Date.parse('2026-11-23T10:00:00Z')
    expect(ago('2026-11-23T09:59:40Z', now, TODAY, 'zh-CN')).toBe('刚刚')
    expect(ago('2026-11-23T09:48:00Z', now, TODAY, 'zh-CN')).toBe('12 分钟前')
    expect(ago('2026-11-23T07:00:00Z', now, TODAY, 'zh-CN')).toBe('3 小时前')
  })
})

describe('distance', () => {
  it.each([
    [3, '10 米'],
    [384, '380 米'],
    [1000, '1 公里'],
    [1240, '1.2 公里'],
    [12_400, '12 公里'],
  ])('%i metres is %s', (m, words) => expect(distanceWords(m, 'zh-CN')).toBe(words))

  it('measures a degree of latitude', () => {
    expect(metresBetween({ lat: 30, lng: 120 }, { lat: 31, lng: 120 })).toBeCloseTo(111_195, -2)
    expect(rideMinutes(3000)).toBe(13)
  })
})

describe('codes and phones', () => {
  it('groups what is read aloud', () => {
    expect(groupPhone('13800000001')).toBe('138 0000 0001')
    expect(groupPhone('1380')).toBe('138 0')
    expect(groupCode('482913')).toBe('482 913')
  })
  it('knows a mobile number', () => {
    expect(isMobile('13800000001')).toBe(true)
    expect(isMobile('12800000001')).toBe(false)
    expect(isMobile('1380000000')).toBe(false)
  })
})

describe('pictures and names', () => {
  it.each([
    ['装卸工', 'load'],
    ['押货员/跟车工', 'load'],
    ['家纺缝纫工', 'sew'],
    ['经编挡车工', 'knit'],
    ['临时保安/秩序员', 'shop'],
    ['剥榨菜/腌制工', 'farm'],
    ['光伏组件操作工', 'factory'],
  ])('%s is drawn as %s', (trade, picture) => expect(pictureOf(trade)).toBe(picture))

  it('finds a surname by its pinyin', () => {
    expect(surnamesFor('sh').map((s) => s.han)).toContain('沈')
    expect(surnamesFor('qqq')).toEqual([])
    expect(surnamesFor('')[0].han).toBe('沈')
  })
})
