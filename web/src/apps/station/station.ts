import { computed, ref, watchEffect, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { listStations } from '@/api/stations'
import { useSession } from '@/stores/session'
import type { Choice, NavItem } from '@/ui'

const chosen = ref('')

/** The station one stands in; whoever has none of her own (town, bureau) chooses one. */
export function useStation(): { id: Ref<string>; choices: Ref<Choice[]> } {
  const session = useSession()
  const choices = ref<Choice[]>([])
  watchEffect(async () => {
    const own = session.me.station?.id
    if (own) {
      chosen.value = own
      return
    }
    if (choices.value.length) return
    const all = (await listStations()).items
    choices.value = all.map((s) => ({ value: s.id, label: s.name }))
    chosen.value ||= all[0]?.id ?? ''
  })
  return { id: chosen, choices }
}

export function useNav(): ComputedRef<NavItem[]> {
  const { t } = useI18n()
  return computed(() => [
    { to: '/station', label: t('station.nav.console'), icon: 'home' },
    { to: '/station/match', label: t('station.nav.match'), icon: 'bolt' },
    { to: '/station/day', label: t('station.nav.day'), icon: 'check' },
    { to: '/station/workers', label: t('station.nav.workers'), icon: 'users' },
    { to: '/station/postings', label: t('station.nav.postings'), icon: 'list' },
    { to: '/station/employers', label: t('station.nav.employers'), icon: 'building' },
  ])
}
