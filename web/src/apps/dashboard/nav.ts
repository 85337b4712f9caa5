import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { today } from '@/lib/clock'
import { useSession } from '@/stores/session'
import type { NavItem } from '@/ui'

const FIRST_YEAR = 2023
const LAST_YEAR = 2027

/** The dashboard's menu. */
export function useNav(): ComputedRef<NavItem[]> {
  const { t } = useI18n()
  const session = useSession()
  return computed(() => {
    const items: NavItem[] = [{ to: '/dashboard', label: t('dashboard.nav.overview'), icon: 'chart' }]
    if (session.can('fact.read')) items.push({ to: '/dashboard/unhelped', label: t('dashboard.nav.unhelped'), icon: 'heart' })
    items.push({ to: '/dashboard/reports', label: t('dashboard.nav.reports'), icon: 'edit' })
    return items
  })
}

/** The year of the page, kept in its address so that a link shows what its sender saw. */
export function useYear() {
  const route = useRoute()
  const router = useRouter()
  const year = computed<string>({
    get: () => String(route.query.year ?? today.value.slice(0, 4)),
    set: (y) => void router.replace({ query: { ...route.query, year: y, month: undefined } }),
  })
  const years = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, i) => {
    const y = String(FIRST_YEAR + i)
    return { value: y, label: y }
  })
  return { year, years, number: computed(() => Number(year.value)) }
}
