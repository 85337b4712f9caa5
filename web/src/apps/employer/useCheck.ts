import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { checkPosting } from '@/api/postings'
import type { PostingCheck, PostingDraft, PostingFinding } from '@/api/types-employer'

/** Findings that only say something is still empty: not held against somebody who is still typing. */
const MISSING = /_missing$/

/**
 * Judges the draft while it is typed, half a second after the last key. What is merely
 * missing is shown after the first attempt to publish (`strict`).
 */
export function useCheck(draft: Ref<PostingDraft>, strict: Ref<boolean>) {
  const result = shallowRef<PostingCheck | null>(null)
  const checking = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: AbortController | null = null

  async function now(): Promise<PostingCheck | null> {
    clearTimeout(timer)
    running?.abort()
    const mine = new AbortController()
    running = mine
    checking.value = true
    try {
      const answer = await checkPosting(draft.value, mine.signal)
      if (running === mine) result.value = answer
      return answer
    } catch {
      return null // publishing asks again and shows what is wrong
    } finally {
      if (running === mine) checking.value = false
    }
  }
  watch(() => JSON.stringify(draft.value), () => {
    clearTimeout(timer)
    timer = setTimeout(() => void now(), 500)
  })
  onScopeDispose(() => {
    clearTimeout(timer)
    running?.abort()
  })

  const findings = computed(() =>
    (result.value?.findings ?? []).filter((f) => f.code !== 'validity_missing' && (strict.value || !MISSING.test(f.code))),
  )
  /** The findings that belong beside these fields; `shifts` takes its rows' too. */
  const about = (...fields: string[]): PostingFinding[] =>
    findings.value.filter((f) => fields.some((x) => f.field === x || f.field.startsWith(`${x}[`)))

  return { result, checking, findings, about, now }
}
