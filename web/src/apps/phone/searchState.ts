import { reactive } from 'vue'

/** What was asked for; stays while the page is open, so coming back from a gig shows the same list. */
export const found = reactive({
  q: '',
  day: 'any' as 'today' | 'tomorrow' | 'any',
  sort: 'best' as 'best' | 'near' | 'pay',
  daily: false,
  meals: false,
  noNight: false,
  older: false,
})
