import { listAccounts } from '@/api/accounts'
import type { Account } from '@/api/types-admin'

export const STAFF_ROLES = ['operator', 'caseworker', 'town_officer', 'bureau', 'auditor', 'admin']
/** Roles of the whole city have no places of their own. */
export const CITY_ROLES = ['bureau', 'auditor', 'admin']

const PAGE = 200
const MOST_PAGES = 10

/** All members of staff: a city has some hundreds, and place and state are filters of ours, not of the server. */
export async function allStaff(q = ''): Promise<Account[]> {
  const out: Account[] = []
  let cursor = ''
  for (let i = 0; i < MOST_PAGES; i++) {
    const page = await listAccounts({ kind: 'staff', q, cursor, limit: PAGE })
    out.push(...page.items)
    cursor = page.next ?? ''
    if (!cursor) break
  }
  return out
}

/** Whether an account is in charge of a place, of all around it, or of something in it. */
export function covers(account: Account, code: string): boolean {
  const place = bare(code)
  return account.regions.some((r) => place.startsWith(bare(r.code)) || bare(r.code).startsWith(place))
}

/** A region code without the zeros that only fill it: 330481101000 is 330481101. */
export function bare(code: string): string {
  return code.replace(/(000)+$/, '')
}
