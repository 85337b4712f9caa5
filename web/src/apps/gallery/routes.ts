import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/gallery', component: () => import('./GalleryPage.vue'), meta: { app: 'gallery' } },
]

export default routes
