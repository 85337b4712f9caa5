import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { NavItem } from '@/ui'
import { useDrafts } from './drafts'

/** The desk's menu; visits that are still on this device only are counted in it. */
export function useNav(): ComputedRef<NavItem[]> {
  const { t } = useI18n()
  const { kept } = useDrafts()
  return computed(() => [
    { to: '/desk', label: t('desk.nav.today'), icon: 'home' },
    { to: '/desk/visits', label: t('desk.nav.visits'), icon: 'chat', badge: kept.value.length },
    { to: '/desk/people', label: t('desk.nav.people'), icon: 'users' },
    { to: '/desk/cases', label: t('desk.nav.cases'), icon: 'heart' },
    { to: '/desk/recognitions', label: t('desk.nav.recognitions'), icon: 'shield' },
    { to: '/desk/households', label: t('desk.nav.households'), icon: 'door' },
    { to: '/desk/welfare', label: t('desk.nav.welfare'), icon: 'bag' },
    { to: '/desk/clues', label: t('desk.nav.clues'), icon: 'wallet' },
  ])
}
