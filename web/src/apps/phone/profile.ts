import type { Worker } from '@/api/types'
import type { WorkerForm } from '@/api/workers'

/** Kilometres to choose from. */
export const RADII = ['3', '5', '10', '20']

/** The profile as the page edits it. */
export interface ProfileForm {
  name: string
  birth: string
  consent: boolean
  town: string
  village: string
  trades: string[]
  radius: string
  floor: number
  days: number[]
  from: string
  to: string
}

/** A fresh form: ten kilometres, every day, seven to six. */
export function emptyForm(): ProfileForm {
  return { name: '', birth: '', consent: false, town: '', village: '', trades: [], radius: '10', floor: 0, days: [], from: '07:00', to: '18:00' }
}

/** Puts a saved worker into the form. A town's code is its village's first nine digits. */
export function fillForm(form: ProfileForm, w: Worker): void {
  form.village = w.village
  form.town = w.village ? `${w.village.slice(0, 9)}000` : ''
  form.trades = w.trades.map((x) => x.id)
  // staff may have saved another distance: the smallest choice that holds it
  form.radius = RADII.find((km) => Number(km) * 1000 >= w.radius_m) ?? '20'
  form.floor = Math.round((w.floor_hour_fen ?? 0) / 100)
  form.days = [...w.available.days]
  form.from = w.available.from
  form.to = w.available.to
}

/** The form as the server takes it. */
export function toForm(form: ProfileForm, first: boolean): WorkerForm {
  return {
    ...(first ? { name: form.name.trim(), birth: form.birth, consent: 'self' as const } : {}),
    village: form.village,
    trades: form.trades.map((id) => ({ id, level: 2 })),
    radius_m: Number(form.radius) * 1000,
    floor_hour_fen: form.floor * 100,
    available: { days: form.days, from: form.from, to: form.to },
  }
}
