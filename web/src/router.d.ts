import 'vue-router'
import type { Role } from './api/types'

declare module 'vue-router' {
  interface RouteMeta {
    /** Marks <html data-app>, which selects the token set. */
    app?: string
    /** The catalogue file or files to load first: i18n/<locale>/<catalogue>.json. */
    catalogue?: string | string[]
    /** Who may open it; others go to sign in. The server decides in any case. */
    roles?: Role[]
  }
}
export {}
