import { describe, expect, it } from 'vitest'
import type { Engagement, PostingHit } from '@/api/types'
import { useKiosk } from './state'

describe('the kiosk', () => {
  it('forgets everything of a visitor', () => {
    const kiosk = useKiosk()
    kiosk.open({ id: 'p', shifts: [] } as unknown as PostingHit, null)
    kiosk.visit.engagement = { code: '482913', worker: { phone_masked: '139****0001' } } as Engagement
    kiosk.visit.filters.q = '沈'
    kiosk.large.value = true
    sessionStorage.setItem('canary', '13900000001')
    const before = kiosk.visitor.value
    kiosk.forget()
    expect(kiosk.pristine.value).toBe(true)
    expect(JSON.stringify(kiosk.visit)).not.toMatch(/139|482913|沈/)
    expect(kiosk.visitor.value).not.toBe(before) // keyed screens are rebuilt, their inputs with them
    expect(sessionStorage.length).toBe(0)
  })

  it('keeps the filters but not the person when going back to the list', () => {
    const kiosk = useKiosk()
    kiosk.visit.filters.meals = true
    kiosk.visit.engagement = { code: '1' } as Engagement
    kiosk.home()
    expect(kiosk.visit.filters.meals).toBe(true)
    expect(kiosk.visit.engagement).toBeNull()
    kiosk.forget()
  })
})
