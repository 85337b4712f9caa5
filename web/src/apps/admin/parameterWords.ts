import { useI18n } from 'vue-i18n'
import type { Parameter } from '@/api/types-admin'
import { useLocale } from '@/i18n'
import { yuan } from '@/lib/money'
import { addDays, durationWords } from '@/lib/when'

/** One value of a parameter with the day before the next one begins. */
export interface Dated extends Parameter {
  until: string
  state: 'past' | 'now' | 'coming'
}

const GROUPS: Record<string, string> = {
  wage: 'pay', pay: 'pay',
  age: 'work', full: 'work', pt: 'work', fatigue: 'work', overage: 'work', insurance: 'work', quota: 'work',
  answer: 'market', cancel: 'market', checkin: 'market', hours: 'market', match: 'market', no_show: 'market', post: 'market', review: 'market', waiting: 'market',
  hard: 'recognition', household: 'recognition',
  assess: 'help', case: 'help', help: 'help', four_clear: 'help', visit: 'help',
  pwj: 'welfare',
  clue: 'rights', arbitration: 'rights', mediation: 'rights', complaint: 'rights',
}

/** The subjects the parameters are filed under, in the order they are shown. */
export const SUBJECTS = ['pay', 'work', 'market', 'recognition', 'help', 'welfare', 'rights', 'other']

/** What a parameter is about; what a later release adds is filed under "other". */
export function subjectOf(key: string): string {
  return GROUPS[key.split('.')[0]] ?? 'other'
}

const same = (a: Parameter, b: Parameter): boolean => a.key === b.key && a.region === b.region

/** Every value with its last day, which is the eve of the next value of the same key and place. */
export function dated(all: Parameter[], today: string): Dated[] {
  return all.map((p) => {
    const next = all
      .filter((o) => same(o, p) && o.valid_from > p.valid_from)
      .sort((a, b) => a.valid_from.localeCompare(b.valid_from))[0]
    const until = p.valid_to || (next ? addDays(next.valid_from, -1) : '')
    const state = p.valid_from > today ? 'coming' : until && until < today ? 'past' : 'now'
    return { ...p, until, state }
  })
}

/** All values of the same key and place, newest first. */
export function historyOf(all: Dated[], p: Parameter): Dated[] {
  return all.filter((o) => same(o, p)).sort((a, b) => b.valid_from.localeCompare(a.valid_from))
}

/** Parameters in words: what they decide, and their values with units. */
export function useParameterWords() {
  const { t, te } = useI18n()
  const locale = useLocale()

  const word = (code: string): string => (te(`admin.parameter.word.${code}`, 'zh-CN') ? t(`admin.parameter.word.${code}`) : code)

  /** "policy:1" and "H4=severe" as they are read; a label of its own stands after the colon. */
  function part(token: string): string {
    const [code, told] = token.split(':')
    if (told === undefined) return token.split('=').map(word).join(t('admin.parameter.alike'))
    return /^\d+$/.test(told) ? t('admin.parameter.times', { what: word(code), n: told }) : told
  }

  function title(key: string): string {
    const id = key.replace(/\./g, '_')
    return te(`admin.parameter.key.${id}`, 'zh-CN') ? t(`admin.parameter.key.${id}`) : t('admin.parameter.unnamed')
  }

  function value(p: Parameter): string {
    if (p.unit === 'fen') return t('admin.unit.yuan', { n: yuan(Number(p.value)) })
    if (p.unit === 'minutes' && /^\d+$/.test(p.value)) return durationWords(Number(p.value), locale.value)
    const tokens = p.value.split(/\s+/)
    if (p.unit && te(`admin.unit.${p.unit}`, 'zh-CN')) return t(`admin.unit.${p.unit}`, { n: tokens.join(t('admin.comma')) })
    return tokens.map(part).join(t('admin.comma'))
  }

  function day(date: string): string {
    const [y, m, d] = date.split('-').map(Number)
    return t('admin.date', { y, m, d })
  }
  /** From when until when; without the weekday, which no rule asks for. */
  const span = (p: Dated): string =>
    p.until ? t('admin.parameter.fromTo', { from: day(p.valid_from), to: day(p.until) }) : t('admin.parameter.from', { from: day(p.valid_from) })

  return { title, value, span }
}
