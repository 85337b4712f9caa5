import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/sign-in', component: () => import('./StaffSignIn.vue'), meta: { app: 'session', catalogue: 'session' } },
  { path: '/employer/sign-in', component: () => import('./EmployerSignIn.vue'), meta: { app: 'session', catalogue: 'session' } },
  { path: '/wait', component: () => import('./WaitingPage.vue'), meta: { app: 'session', catalogue: 'session' } },
]

export default routes
