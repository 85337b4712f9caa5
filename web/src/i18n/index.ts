import { computed, type ComputedRef } from 'vue'
import { createI18n, useI18n, type Composer } from 'vue-i18n'
import type { Locale } from '@/lib/when'
import zhCommon from './zh-CN/common.json'
import zhEnums from './zh-CN/enums.json'
import zhUi from './zh-CN/ui.json'

type Messages = Record<string, unknown>

/** Catalogue files other than the three every page needs; each is a chunk of its own. */
const files = import.meta.glob<Messages>(['./*/*.json', '!./zh-CN/common.json', '!./zh-CN/enums.json', '!./zh-CN/ui.json'], {
  import: 'default',
})

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
  messages: { 'zh-CN': { common: zhCommon, enums: zhEnums, ui: zhUi }, en: {} },
})

const all = i18n.global as unknown as Composer

const loaded = new Set(['zh-CN/common', 'zh-CN/enums', 'zh-CN/ui'])
const wanted = new Set(['common', 'enums', 'ui'])

async function loadFile(locale: Locale, name: string): Promise<void> {
  const id = `${locale}/${name}`
  const file = files[`./${id}.json`]
  if (loaded.has(id) || !file) return
  all.mergeLocaleMessage(locale, { [name]: await file() })
  loaded.add(id)
}

/** Makes an app's catalogues ready, in the reader's language and (as fall-back) in Chinese. Routes name them in `meta.catalogue`. */
export async function loadCatalogue(names: string | string[]): Promise<void> {
  const locale = all.locale.value as Locale
  const asked = [names].flat()
  for (const name of asked) wanted.add(name)
  await Promise.all(asked.flatMap((name) => [loadFile('zh-CN', name), loadFile(locale, name)]))
}

/** Switches the language of the page; `remember` keeps it on this device. */
export async function setLocale(locale: Locale, remember = true): Promise<void> {
  await Promise.all([...wanted].map((name) => loadFile(locale, name)))
  all.locale.value = locale
  document.documentElement.lang = locale
  if (!remember) return
  try {
    localStorage.setItem('lg.locale', locale)
  } catch {
    // private mode: the choice lasts for this visit
  }
}

/** Starts in the remembered language (staff, phone) or Chinese (kiosk, screen). */
export async function startLocale(remember: boolean): Promise<void> {
  let locale: Locale = 'zh-CN'
  const asked = new URLSearchParams(location.search).get('lang')
  try {
    if (asked === 'en' || (remember && localStorage.getItem('lg.locale') === 'en')) locale = 'en'
  } catch {
    locale = 'zh-CN'
  }
  await setLocale(locale, false)
}

/** The current language as the formatting functions take it. */
export function useLocale(): ComputedRef<Locale> {
  const { locale } = useI18n()
  return computed(() => (locale.value === 'en' ? 'en' : 'zh-CN'))
}
