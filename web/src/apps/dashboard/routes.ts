import type { RouteMeta, RouteRecordRaw } from 'vue-router'
import { page } from '../office/page'

const meta: RouteMeta = {
  app: 'dashboard',
  catalogue: 'dashboard',
  roles: ['bureau', 'town_officer', 'caseworker', 'operator', 'auditor'],
}

const routes: RouteRecordRaw[] = [
  { path: '/dashboard', component: page(() => import('./OverviewPage.vue')), meta },
  { path: '/dashboard/indicators/:key', component: page(() => import('./IndicatorPage.vue')), meta },
  { path: '/dashboard/indicators/:key/facts', component: page(() => import('./FactsPage.vue')), meta },
  { path: '/dashboard/facts/:id', component: page(() => import('./FactPage.vue')), meta },
  { path: '/dashboard/unhelped', component: page(() => import('./UnhelpedPage.vue')), meta },
  { path: '/dashboard/reports', component: page(() => import('./ReportsPage.vue')), meta },
]

export default routes
