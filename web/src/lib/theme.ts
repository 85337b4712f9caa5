import { ref, watchEffect } from 'vue'

export type Theme = 'light' | 'dark' | 'contrast'

const KEY = 'lg.theme'

function stored(): Theme | null {
  try {
    const t = localStorage.getItem(KEY)
    return t === 'light' || t === 'dark' || t === 'contrast' ? t : null
  } catch {
    return null
  }
}

/** The theme in force. Set it; the page and this device's memory follow. */
export const theme = ref<Theme>('light')

/** Puts the remembered theme on <html>; public devices start light and remember nothing. */
export function startTheme(remember: boolean): void {
  const wanted = new URLSearchParams(location.search).get('theme')
  if (wanted === 'light' || wanted === 'dark' || wanted === 'contrast') theme.value = wanted
  else if (remember) theme.value = stored() ?? 'light'
  watchEffect(() => {
    document.documentElement.dataset.theme = theme.value
    if (!remember) return
    try {
      localStorage.setItem(KEY, theme.value)
    } catch {
      // private mode: the theme lasts for this visit
    }
  })
}

/** Names the app on <html>, which selects its token set (the kiosk's is darker). */
export function markApp(app: string): void {
  document.documentElement.dataset.app = app
}
