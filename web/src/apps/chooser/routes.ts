import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('./ChooserPage.vue'), meta: { app: 'chooser', catalogue: 'chooser' } },
]

export default routes
