import { useI18n } from 'vue-i18n'
import { useLocale } from '@/i18n'
import { placeName } from '@/lib/gig'
import { shown } from './shown'
import { useKiosk } from './state'
import { detailSpeech, payWords, shiftWords } from './words'

/** The words of the screen now shown, for reading aloud. */
export function useSpeech(): () => string {
  const { t } = useI18n()
  const locale = useLocale()
  const { visit } = useKiosk()

  function list(): string {
    return shown.value
      .slice(0, 4)
      .map((p) =>
        t('kiosk.say.card', {
          title: p.title,
          pay: payWords(p, t),
          place: placeName(p),
          when: p.shifts[0] ? shiftWords(p.shifts[0], locale.value) : '',
          n: p.open,
        }),
      )
      .join('')
  }

  return () => {
    if (visit.screen === 'slip' && visit.engagement) {
      const e = visit.engagement
      return t('kiosk.say.slip', {
        code: e.code.split('').join(' '),
        when: shiftWords(e.shift, locale.value),
        place: placeName(e.posting),
        address: e.posting.address,
      })
    }
    if ((visit.screen === 'detail' || visit.screen === 'apply') && visit.posting) {
      return detailSpeech(visit.posting, visit.shift, t, locale.value)
    }
    if (visit.screen === 'full') return t('kiosk.full.text') + t('kiosk.full.near') + list()
    if (visit.screen === 'lookup') return `${t('kiosk.lookup.title')}。${t('kiosk.lookup.code')}。${t('kiosk.lookup.last4')}`
    return t('kiosk.say.home', { title: t(`kiosk.home.title.${visit.filters.day}`), list: list() })
  }
}
