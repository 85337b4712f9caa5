import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '', component: () => import('./HomePage.vue') },
  { path: 'search', component: () => import('./SearchPage.vue') },
  { path: 'gigs/:id', component: () => import('./GigPage.vue') },
  { path: 'mine', component: () => import('./MinePage.vue') },
  { path: 'mine/:id', component: () => import('./EngagementPage.vue') },
  { path: 'me', component: () => import('./ProfilePage.vue') },
  { path: 'sign-in', component: () => import('./SignInPage.vue') },
]

export default routes
