import { shanghai } from './clock'

export type Locale = 'zh-CN' | 'en'

const DAY_MS = 86_400_000
const ZH_WEEK = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']
const EN_WEEK = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const EN_MONTH = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function dayNumber(date: string): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS)
}

/** Days from one business date to another; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from)
}

/** A business date moved by whole days. */
export function addDays(date: string, days: number): string {
  return new Date((dayNumber(date) + days) * DAY_MS).toISOString().slice(0, 10)
}

/** The weekday's short name: 周二, Tue. */
export function weekday(date: string, locale: Locale): string {
  const n = new Date(`${date}T00:00:00Z`).getUTCDay()
  return locale === 'en' ? EN_WEEK[n] : ZH_WEEK[n]
}

/** 11月24日 周二; with the year only when it is not this one. */
export function fullDate(date: string, today: string, locale: Locale): string {
  if (!/^\d{4}-\d{2}-\d{2}/.test(date)) return date
  const [y, m, d] = date.slice(0, 10).split('-').map(Number)
  const otherYear = date.slice(0, 4) !== today.slice(0, 4)
  if (locale === 'en') {
    return `${weekday(date.slice(0, 10), locale)} ${d} ${EN_MONTH[m - 1]}${otherYear ? ` ${y}` : ''}`
  }
  return `${otherYear ? `${y}年` : ''}${m}月${d}日 ${weekday(date.slice(0, 10), locale)}`
}

/** 昨天 / 今天 / 明天 / 后天, else null. */
export function nearDay(date: string, today: string, locale: Locale): string | null {
  const words: Record<Locale, Record<number, string>> = {
    'zh-CN': { [-1]: '昨天', 0: '今天', 1: '明天', 2: '后天' },
    en: { [-1]: 'Yesterday', 0: 'Today', 1: 'Tomorrow' },
  }
  return words[locale][daysBetween(today, date)] ?? null
}

/** 今天 / 明天 / 11月24日 周二. */
export function dayWords(date: string, today: string, locale: Locale): string {
  return nearDay(date, today, locale) ?? fullDate(date, today, locale)
}

/** 07:00–17:00, or 22:00–次日 06:00 when it passes midnight in Shanghai. */
export function timeRange(starts: string, ends: string, locale: Locale): string {
  const from = shanghai(starts)
  const to = shanghai(ends)
  const next = from.date === to.date ? '' : locale === 'en' ? 'next day ' : '次日 '
  return `${from.time}–${next}${to.time}`
}

/** An instant in words: 今天 07:12, 11月20日 周五 18:00. */
export function instantWords(at: string, today: string, locale: Locale): string {
  const s = shanghai(at)
  return `${dayWords(s.date, today, locale)} ${s.time}`
}

/** How long ago, for live lists: 刚刚, 5 分钟前, 3 小时前; beyond a day the date. */
export function ago(at: string, nowMs: number, today: string, locale: Locale): string {
  const minutes = Math.floor((nowMs - Date.parse(at)) / 60_000)
  if (minutes < 1) return locale === 'en' ? 'just now' : '刚刚'
  if (minutes < 60) return locale === 'en' ? `${minutes} min ago` : `${minutes} 分钟前`
  if (minutes < 1440) {
    const hours = Math.floor(minutes / 60)
    return locale === 'en' ? `${hours} h ago` : `${hours} 小时前`
  }
  return instantWords(at, today, locale)
}

/** Minutes as 8 小时, 7.5 小时, 45 分钟. */
export function durationWords(minutes: number, locale: Locale): string {
  if (minutes < 60) return locale === 'en' ? `${minutes} min` : `${minutes} 分钟`
  const hours = Math.round((minutes / 60) * 10) / 10
  return locale === 'en' ? `${hours} h` : `${hours} 小时`
}
