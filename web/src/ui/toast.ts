import { reactive } from 'vue'

export interface ToastItem {
  id: number
  text: string
  tone: 'good' | 'bad' | 'plain'
}

/** The messages now on the page; LgToast shows them. */
export const toasts = reactive<ToastItem[]>([])
let last = 0

/** Says something in passing; trouble stays longer than praise. */
export function toast(text: string, tone: ToastItem['tone'] = 'plain'): void {
  const id = ++last
  toasts.push({ id, text, tone })
  if (toasts.length > 3) toasts.shift()
  setTimeout(() => dismiss(id), tone === 'bad' ? 8000 : 4000)
}

/** Takes one message away. */
export function dismiss(id: number): void {
  const at = toasts.findIndex((item) => item.id === id)
  if (at >= 0) toasts.splice(at, 1)
}

/** Takes all messages away (the kiosk forgets). */
export function clearToasts(): void {
  toasts.splice(0)
}
