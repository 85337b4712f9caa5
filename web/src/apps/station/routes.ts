import type { RouteMeta, RouteRecordRaw } from 'vue-router'
import { page } from '../office/page'

const meta: RouteMeta = { app: 'station', catalogue: ['station', 'office'], roles: ['operator', 'town_officer', 'bureau'] }
const market: RouteMeta = { ...meta, catalogue: ['station', 'office', 'employer', 'phone'] }

const routes: RouteRecordRaw[] = [
  { path: '/station', component: page(() => import('./ConsolePage.vue')), meta },
  { path: '/station/match', component: page(() => import('./MatchPage.vue')), meta },
  { path: '/station/day', component: page(() => import('./DayPage.vue')), meta },
  { path: '/station/register', component: page(() => import('./RegisterPage.vue')), meta: market },
  { path: '/station/workers', component: page(() => import('./WorkersPage.vue')), meta },
  { path: '/station/workers/:id', component: page(() => import('./WorkerPage.vue')), meta },
  { path: '/station/postings', component: page(() => import('./PostingsPage.vue')), meta },
  { path: '/station/postings/:id', component: page(() => import('./PostingPage.vue')), meta: market },
  { path: '/station/employers', component: page(() => import('./EmployersPage.vue')), meta },
]

export default routes
