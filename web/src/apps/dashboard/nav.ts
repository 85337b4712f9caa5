import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { today } from '@/lib/clock'
import { useMeta } from '@/stores/meta'
import { useSession } from '@/stores/session'
import type { Choice, NavItem } from '@/ui'
import { periodParts } from './figures'

const FIRST_YEAR = 2023
const LAST_YEAR = 2027

/** The years of the plan. */
export const PLAN_YEARS = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, i) => FIRST_YEAR + i)

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
  const years = PLAN_YEARS.map((y) => ({ value: String(y), label: String(y) }))
  return { year, years, number: computed(() => Number(year.value)) }
}

/** A text of the address, replaced in place; empty is left out. */
export function useQuery(name: string) {
  const route = useRoute()
  const router = useRouter()
  return computed<string>({
    get: () => String(route.query[name] ?? ''),
    set: (v) => void router.replace({ query: { ...route.query, [name]: v || undefined } }),
  })
}

/** "2026-10" as it is read: 2026年10月. */
export function usePeriod(): (period: string) => string {
  const { t } = useI18n()
  return (period) => {
    const { y, m } = periodParts(period)
    return m ? t('dashboard.period.month', { y, m }) : t('dashboard.period.year', { y })
  }
}

/**
 * Where somebody may look at single facts and people: everywhere, or her own towns and
 * villages. Without a place of her own she is asked for none.
 */
export function useReach() {
  const session = useSession()
  const meta = useMeta()
  void meta.loadRegions()
  const own = computed(() => session.me.regions)
  const choices = computed<Choice[]>(() =>
    (own.value.length ? own.value : meta.towns).map((r) => ({ value: r.code, label: r.name })),
  )
  /** A village is named with its town: many towns have a 新华村. */
  const place = (code: string, name: string): string => {
    const town = `${code.slice(0, 9)}000`
    return town === code || code.endsWith('000000') ? name : `${meta.regionName(town).replace(/^\d+$/, '')} ${name}`.trim()
  }
  return { whole: computed(() => own.value.length === 0), own, choices, place }
}
