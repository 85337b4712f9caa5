import { ref, type Ref } from 'vue'
import { listCases } from '@/api/cases'
import { useSession } from '@/stores/session'
import type { Choice } from '@/ui'

const PAGES = 3

/** Who can be handed a case: those who already have some in the reader's scope, and the reader herself. */
export function useColleagues(): { choices: Ref<Choice[]>; load: () => Promise<void> } {
  const session = useSession()
  const choices = ref<Choice[]>([])
  async function load(): Promise<void> {
    if (choices.value.length) return
    const found = new Map([[session.me.account_id, session.me.name]])
    let cursor = ''
    for (let n = 0; n < PAGES; n++) {
      const page = await listCases({ cursor, limit: 100 }).catch(() => null)
      for (const c of page?.items ?? []) if (c.owner.account_id) found.set(c.owner.account_id, c.owner.name)
      cursor = page?.next ?? ''
      if (!cursor) break
    }
    choices.value = [...found].map(([value, label]) => ({ value, label }))
  }
  return { choices, load }
}
