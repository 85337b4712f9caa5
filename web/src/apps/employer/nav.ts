import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { NavItem } from '@/ui'

/** The employer's menu. */
export function useNav(): ComputedRef<NavItem[]> {
  const { t } = useI18n()
  return computed(() => [
    { to: '/employer', label: t('employer.nav.home'), icon: 'home' },
    { to: '/employer/day', label: t('employer.nav.day'), icon: 'calendar' },
    { to: '/employer/settlements', label: t('employer.nav.settlements'), icon: 'wallet' },
    { to: '/employer/profile', label: t('employer.nav.profile'), icon: 'building' },
  ])
}
