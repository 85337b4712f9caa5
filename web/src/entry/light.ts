import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import '@/design/tokens.css'
import '@/design/base.css'
import { i18n, loadCatalogue, startLocale } from '@/i18n'
import { markApp, startTheme } from '@/lib/theme'
import App from './App.vue'

/** The light page: kiosk, screen and phone. No Element Plus, no ECharts. */
const routes: RouteRecordRaw[] = [
  { path: '/kiosk', component: () => import('@/apps/kiosk/KioskApp.vue'), meta: { app: 'kiosk', catalogue: 'kiosk' } },
  { path: '/screen', component: () => import('@/apps/screen/ScreenApp.vue'), meta: { app: 'screen', catalogue: 'screen' } },
  {
    path: '/phone',
    component: () => import('@/apps/phone/PhoneApp.vue'),
    meta: { app: 'phone', catalogue: 'phone' },
    children: [],
  },
  { path: '/:rest(.*)*', redirect: '/kiosk' },
]

async function start(): Promise<void> {
  const publicDevice = !location.pathname.startsWith('/phone')
  startTheme(!publicDevice)
  await startLocale(!publicDevice)
  const { default: phoneRoutes } = await (publicDevice ? Promise.resolve({ default: [] }) : import('@/apps/phone/routes'))
  routes.find((r) => r.path === '/phone')!.children = phoneRoutes
  const router = createRouter({ history: createWebHistory(), routes, scrollBehavior: () => ({ top: 0 }) })
  router.beforeEach(async (to) => {
    if (to.meta.app) markApp(to.meta.app)
    if (to.meta.catalogue) await loadCatalogue(to.meta.catalogue)
  })
  createApp(App).use(createPinia()).use(i18n).use(router).mount('#app')
}

void start()
