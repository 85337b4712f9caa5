import type { ComposerTranslation } from 'vue-i18n'
import type { Posting, Shift } from '@/api/types'
import { today } from '@/lib/clock'
import { placeName, shiftPay } from '@/lib/gig'
import { yuan } from '@/lib/money'
import { dayWords, timeRange, type Locale } from '@/lib/when'

/** A shift in words, as it is read aloud and printed. */
export function shiftWords(shift: Pick<Shift, 'date' | 'starts_at' | 'ends_at'>, locale: Locale): string {
  return `${dayWords(shift.date, today.value, locale)} ${timeRange(shift.starts_at, shift.ends_at, locale)}`
}

/** Pay in words: ￥26/小时 日结. */
export function payWords(posting: Pick<Posting, 'pay'>, t: ComposerTranslation): string {
  const { pay } = posting
  return `￥${yuan(pay.amount_fen)}/${t(`enums.unit.${pay.unit}`)} ${t(`enums.settlement.${pay.settlement}`)}`
}

/** What is read aloud for a gig's page. */
export function detailSpeech(posting: Posting, shift: Shift | null, t: ComposerTranslation, locale: Locale): string {
  const total = shift ? shiftPay(posting, shift) : null
  return t('kiosk.say.detail', {
    title: posting.title,
    pay: payWords(posting, t),
    total: total === null ? t('kiosk.detail.totalUnknown') : t('kiosk.detail.total', { amount: yuan(total) }),
    place: placeName(posting),
    address: posting.address,
    when: shift ? shiftWords(shift, locale) : '',
    bring: posting.bring || t('kiosk.detail.bringNothing'),
  })
}
