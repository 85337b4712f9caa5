import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { useSession } from '@/stores/session'
import type { NavItem } from '@/ui'

type Entry = Omit<NavItem, 'label'> & { word: string; may?: string }

const ENTRIES: Entry[] = [
  { to: '/admin', word: 'overview', icon: 'home' },
  { to: '/admin/accounts', word: 'accounts', icon: 'users', may: 'account.list' },
  { to: '/admin/regions', word: 'regions', icon: 'map' },
  { to: '/admin/parameters', word: 'parameters', icon: 'edit', may: 'parameter.read' },
  { to: '/admin/jobs', word: 'jobs', icon: 'clock', may: 'job.manage' },
  { to: '/admin/kiosks', word: 'kiosks', icon: 'kiosk', may: 'kiosk.manage' },
  { to: '/admin/audit', word: 'audit', icon: 'list', may: 'audit.read' },
  { to: '/admin/outbox', word: 'outbox', icon: 'chat', may: 'outbox.read' },
]

/** The administrator's menu; the bureau and the auditor see the rooms they may enter. */
export function useNav(): ComputedRef<NavItem[]> {
  const { t } = useI18n()
  const session = useSession()
  return computed(() =>
    ENTRIES.filter((e) => !e.may || session.can(e.may)).map((e) => ({ to: e.to, icon: e.icon, label: t(`admin.nav.${e.word}`) })),
  )
}

/** A text of the address, replaced in place, so that a link shows what its sender saw; empty is left out. */
export function useQuery(name: string) {
  const route = useRoute()
  const router = useRouter()
  return computed<string>({
    get: () => String(route.query[name] ?? ''),
    set: (v) => void router.replace({ query: { ...route.query, [name]: v || undefined } }),
  })
}
