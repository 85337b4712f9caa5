import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import * as api from '@/api/meta'
import type { Meta, Region } from '@/api/types'
import { setServerNow } from '@/lib/clock'

/** The town's common knowledge: date, trades, minimum wage, regions. Read once, shared by all pages. */
export const useMeta = defineStore('meta', () => {
  const meta = ref<Meta | null>(null)
  const regions = ref<Region[]>([])
  let loading: Promise<void> | null = null
  let loadingRegions: Promise<void> | null = null

  const tradeNames = computed(() => new Map((meta.value?.trades ?? []).map((t) => [t.id, t.name])))
  const regionNames = computed(() => new Map(regions.value.map((r) => [r.code, r.name])))
  const towns = computed(() => regions.value.filter((r) => r.level === 'town'))

  async function load(): Promise<void> {
    if (meta.value) return
    loading ??= api
      .readMeta()
      .then((m) => {
        meta.value = m
        setServerNow(m.now)
      })
      .finally(() => (loading = null))
    await loading
  }

  async function loadRegions(): Promise<void> {
    if (regions.value.length) return
    loadingRegions ??= api
      .readRegions()
      .then((r) => {
        regions.value = r.items
      })
      .finally(() => (loadingRegions = null))
    await loadingRegions
  }

  return {
    meta,
    regions,
    towns,
    load,
    loadRegions,
    demo: computed(() => meta.value?.demo ?? false),
    tradeName: (id: string): string => tradeNames.value.get(id) ?? id,
    regionName: (code: string): string => regionNames.value.get(code) ?? code,
    villagesOf: (town: string): Region[] => regions.value.filter((r) => r.level === 'village' && r.parent === town),
  }
})
