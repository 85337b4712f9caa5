import type { RouteMeta, RouteRecordRaw } from 'vue-router'
import { page } from '../office/page'

const meta: RouteMeta = { app: 'desk', catalogue: 'desk', roles: ['caseworker', 'town_officer', 'bureau', 'auditor'] }

const clue: RouteMeta = { ...meta, catalogue: ['desk', 'clue'], roles: [...meta.roles!, 'operator'] }
const help: RouteMeta = { ...meta, catalogue: ['desk', 'deskhelp'] }

const routes: RouteRecordRaw[] = [
  { path: '/desk', component: page(() => import('./TodayPage.vue')), meta },
  { path: '/desk/visit', component: page(() => import('./VisitPage.vue')), meta },
  { path: '/desk/visits', component: page(() => import('./VisitsPage.vue')), meta },
  { path: '/desk/cases', component: page(() => import('./CasesPage.vue')), meta },
  { path: '/desk/cases/:id', component: page(() => import('./CasePage.vue')), meta },
  { path: '/desk/people', component: page(() => import('./PeoplePage.vue')), meta },
  { path: '/desk/people/new', component: page(() => import('./RegisterPage.vue')), meta },
  { path: '/desk/people/:id', component: page(() => import('./PersonPage.vue')), meta },
  { path: '/desk/households', component: page(() => import('./HouseholdsPage.vue')), meta },
  { path: '/desk/households/:id', component: page(() => import('./HouseholdPage.vue')), meta },
  { path: '/desk/recognitions', component: page(() => import('./RecognitionsPage.vue')), meta: help },
  { path: '/desk/recognitions/new', component: page(() => import('./ApplyPage.vue')), meta: help },
  { path: '/desk/recognitions/:id', component: page(() => import('./RecognitionPage.vue')), meta: help },
  { path: '/desk/welfare', component: page(() => import('./WelfarePage.vue')), meta: help },
  { path: '/desk/welfare/posts/:id', component: page(() => import('./WelfarePostPage.vue')), meta: help },
  { path: '/desk/welfare/placements/:id', component: page(() => import('./PlacementPage.vue')), meta: help },
  { path: '/desk/clues', component: page(() => import('./CluesPage.vue')), meta: clue },
  { path: '/desk/clues/:id', component: page(() => import('./CluePage.vue')), meta: clue },
]

export default routes
