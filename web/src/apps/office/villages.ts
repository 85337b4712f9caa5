import { computed, type ComputedRef } from 'vue'
import { useMeta } from '@/stores/meta'
import { useSession } from '@/stores/session'
import type { Choice } from '@/ui'

/** The villages of the reader's own scope; with `towns`, whole towns too where she has more than villages. */
export function useVillages(towns: () => boolean): ComputedRef<Choice[]> {
  const meta = useMeta()
  const session = useSession()
  void meta.loadRegions().catch(() => undefined)
  return computed(() => {
    const mine = session.me.regions
    if (mine.length && mine.every((r) => !r.code.endsWith('000'))) return mine.map((r) => ({ value: r.code, label: r.name }))
    const hers = meta.towns.filter((x) => !mine.length || mine.some((r) => r.code === x.code || r.code.endsWith('000000')))
    return hers.flatMap((town) => [
      ...(towns() ? [{ value: town.code, label: town.name }] : []),
      ...meta.villagesOf(town.code).map((v) => ({ value: v.code, label: `${town.name} · ${v.name}` })),
    ])
  })
}
