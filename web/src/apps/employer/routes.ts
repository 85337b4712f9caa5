import type { NavigationGuard, RouteMeta, RouteRecordRaw } from 'vue-router'
import { useSession } from '@/stores/session'
import { page } from '../office/page'

const meta: RouteMeta = { app: 'employer', catalogue: 'employer', roles: ['employer'] }

/** Somebody who posts work has to say first who they are; everything else waits for that. */
const companyFirst: NavigationGuard = async (to) => {
  const me = await useSession().load()
  if (me.role === 'employer' && me.needs_profile && to.path !== '/employer/profile') return '/employer/profile'
}

const routes: RouteRecordRaw[] = [
  { path: '/employer', component: page(() => import('./HomePage.vue')), meta, beforeEnter: companyFirst },
  { path: '/employer/postings/new', component: page(() => import('./PostingFormPage.vue')), meta, beforeEnter: companyFirst },
  { path: '/employer/postings/:id/edit', component: page(() => import('./PostingFormPage.vue')), meta, beforeEnter: companyFirst },
  { path: '/employer/postings/:id', component: page(() => import('./PostingPage.vue')), meta, beforeEnter: companyFirst },
  { path: '/employer/day', component: page(() => import('./DayPage.vue')), meta, beforeEnter: companyFirst },
  { path: '/employer/settlements', component: page(() => import('./SettlementsPage.vue')), meta, beforeEnter: companyFirst },
  { path: '/employer/profile', component: page(() => import('./ProfilePage.vue')), meta },
]

export default routes
