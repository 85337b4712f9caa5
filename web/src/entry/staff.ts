import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import '@/design/tokens.css'
import '@/design/base.css'
import '@/design/element.css'
import { onSignedOut } from '@/api/client'
import { i18n, loadCatalogue, startLocale } from '@/i18n'
import { markApp, startTheme } from '@/lib/theme'
import { useSession } from '@/stores/session'
import StaffApp from './StaffApp.vue'

/** One `routes.ts` per app folder; each route lazy, each with meta.app, meta.catalogue and meta.roles. */
const apps = import.meta.glob<RouteRecordRaw[]>('../apps/{employer,station,desk,dashboard,admin,chooser,session,gallery}/routes.ts', {
  eager: true,
  import: 'default',
})

const router = createRouter({
  history: createWebHistory(),
  routes: [...Object.values(apps).flat(), { path: '/:rest(.*)*', redirect: '/' }],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.beforeEach(async (to) => {
  if (to.meta.app) markApp(to.meta.app)
  if (to.meta.catalogue) await loadCatalogue(to.meta.catalogue)
  if (!to.meta.roles) return true
  const session = useSession()
  const me = await session.load().catch(() => null)
  if (!me) return { path: '/wait', query: { next: to.fullPath }, replace: true } // not the same as signed out
  if (to.meta.roles.includes(me.role)) return true
  return { path: to.meta.roles.includes('employer') ? '/employer/sign-in' : '/sign-in', query: { next: to.fullPath } }
})

/** The session ended under a page: sign in, then come back to it. */
async function askAgain(): Promise<void> {
  const here = router.currentRoute.value
  if (!here.meta.roles) return
  await useSession().load(true).catch(() => undefined)
  const path = here.meta.roles.includes('employer') ? '/employer/sign-in' : '/sign-in'
  await router.push({ path, query: { next: here.fullPath } })
}

async function start(): Promise<void> {
  startTheme(true)
  await startLocale(true)
  onSignedOut(() => void askAgain())
  createApp(StaffApp).use(createPinia()).use(i18n).use(router).mount('#app')
}

void start()
