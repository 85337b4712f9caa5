import type { RouteMeta, RouteRecordRaw } from 'vue-router'
import { page } from '../office/page'

const base: RouteMeta = { app: 'admin', catalogue: 'admin' }
// the bureau sets the rules' values and the auditor reads; the machine is the administrator's alone
const all: RouteMeta = { ...base, roles: ['admin', 'bureau', 'auditor'] }
const readers: RouteMeta = { ...base, roles: ['admin', 'auditor'] }
const administrator: RouteMeta = { ...base, roles: ['admin'] }

const routes: RouteRecordRaw[] = [
  { path: '/admin', component: page(() => import('./OverviewPage.vue')), meta: all },
  { path: '/admin/accounts', component: page(() => import('./AccountsPage.vue')), meta: readers },
  { path: '/admin/regions', component: page(() => import('./RegionsPage.vue')), meta: all },
  { path: '/admin/parameters', component: page(() => import('./ParametersPage.vue')), meta: all },
  { path: '/admin/jobs', component: page(() => import('./JobsPage.vue')), meta: administrator },
  { path: '/admin/kiosks', component: page(() => import('./KiosksPage.vue')), meta: administrator },
  { path: '/admin/audit', component: page(() => import('./AuditPage.vue')), meta: readers },
  { path: '/admin/outbox', component: page(() => import('./OutboxPage.vue')), meta: administrator },
]

export default routes
