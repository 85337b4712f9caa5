import type { LocationQueryValue } from 'vue-router'
import type { Role } from '@/api/types'

const HOME: Partial<Record<Role, string>> = {
  employer: '/employer',
  operator: '/station',
  caseworker: '/desk',
  town_officer: '/desk',
  bureau: '/dashboard',
  auditor: '/dashboard',
  admin: '/admin',
}

/** Where to go after sign-in: the page that was asked for (of this site only), else the role's home. */
export function nextPage(asked: LocationQueryValue | LocationQueryValue[] | undefined, role: Role): string {
  if (typeof asked === 'string' && /^\/(?![/\\])/.test(asked)) return asked
  return HOME[role] ?? '/'
}
