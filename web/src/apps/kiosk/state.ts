import { computed, reactive, ref } from 'vue'
import { readBoard, listStations } from '@/api/stations'
import type { Engagement, PostingHit, Shift, Station } from '@/api/types'
import { today } from '@/lib/clock'
import type { Picture } from '@/lib/pictogram'
import { hush } from '@/lib/speech'
import { addDays } from '@/lib/when'
import { clearToasts } from '@/ui/toast'

export type Screen = 'home' | 'detail' | 'apply' | 'slip' | 'full' | 'lookup' | 'pair'

interface Filters {
  q: string
  picture: Picture | null
  day: 'today' | 'tomorrow' | 'any'
  sort: 'best' | 'near' | 'pay'
  meals: boolean
  noNight: boolean
  older: boolean
}

const NO_FILTERS: Filters = { q: '', picture: null, day: 'today', sort: 'best', meals: false, noNight: false, older: false }

/**
 * The kiosk's whole memory of one visitor. Screens are values here, not addresses, so that nothing of
 * a visitor enters the history or the URL; `forget` is the only thing that has to be right.
 */
const visit = reactive({
  screen: 'home' as Screen,
  filters: { ...NO_FILTERS },
  posting: null as PostingHit | null,
  shift: null as Shift | null,
  engagement: null as Engagement | null,
  alternatives: [] as PostingHit[],
  fullMessage: '',
  searching: false,
})

/** Changes with every forget: the screens are keyed by it, so their DOM and inner state go too. */
const visitor = ref(0)
const large = ref(false)
const seated = ref(false)
const station = ref<Station | null>(null)

const pristine = computed(
  () =>
    visit.screen === 'home' &&
    !visit.searching &&
    !large.value &&
    !seated.value &&
    Object.entries(NO_FILTERS).every(([key, value]) => key === 'day' || visit.filters[key as keyof Filters] === value),
)

function show(screen: Screen): void {
  hush()
  visit.searching = false
  visit.screen = screen
}

function open(posting: PostingHit, shift: Shift | null): void {
  visit.posting = posting
  visit.shift = shift
  show('detail')
}

/** Back to the list; the filters stay, the person's data do not. */
function home(): void {
  visit.posting = null
  visit.shift = null
  visit.engagement = null
  visit.alternatives = []
  visit.fullMessage = ''
  visitor.value++
  show('home')
}

/** Forgets the visitor altogether. */
function forget(): void {
  Object.assign(visit.filters, NO_FILTERS)
  large.value = false
  seated.value = false
  clearToasts()
  try {
    sessionStorage.clear()
  } catch {
    // storage may be switched off on a locked device
  }
  home()
}

/** The business date of the day chip; undefined for any day. */
const date = computed(() => {
  if (visit.filters.day === 'any') return undefined
  return visit.filters.day === 'today' ? today.value : addDays(today.value, 1)
})

/** Finds this kiosk's station: paired, named in the address, or the first there is. */
async function findStation(paired?: string): Promise<void> {
  const asked = paired ?? new URLSearchParams(location.search).get('station')
  if (asked) {
    station.value = (await readBoard(asked)).station
    return
  }
  station.value = (await listStations()).items[0] ?? null
}

/** The one kiosk of this page. */
export function useKiosk() {
  return { visit, visitor, large, seated, station, pristine, date, show, open, home, forget, findStation }
}
