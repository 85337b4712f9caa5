import { computed, reactive, ref, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { newKey } from '@/api/intention'
import { readPerson } from '@/api/persons'
import { asProblem, type Problem } from '@/api/problem'
import { amendRecognition, applyRecognition, listRecognitions, moveRecognition, readRecognition } from '@/api/recognitions'
import type { Person, Recognition, RecognitionForm } from '@/api/types-desk'
import { useAct } from '@/lib/act'
import { answersOf, blank, factsOf, formOf } from './applyFacts'

const ENDED = ['refused', 'exited', 'revoked']
type Trouble = ShallowRef<Problem | null>

/** Who applies, and what she has under way already. */
function useApplicant(problem: Trouble) {
  const person = shallowRef<Person | null>(null)
  const others = shallowRef<Recognition[]>([])
  async function choose(id: string, draft = ''): Promise<void> {
    try {
      const [p, list] = await Promise.all([readPerson(id), listRecognitions({ person_id: id, limit: 20 })])
      person.value = p
      others.value = list.items.filter((r) => !ENDED.includes(r.status) && r.id !== draft)
    } catch (error) {
      problem.value = asProblem(error)
    }
  }
  return { person, others, choose }
}

/** Keeps each change of the form on the server, one save after the other: each needs the version of the last. */
function useKept(draft: ShallowRef<Recognition | null>, form: ComputedRef<RecognitionForm>, problem: Trouble) {
  const saving = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> = Promise.resolve()
  let sent = ''

  async function write(): Promise<void> {
    const now = JSON.stringify(form.value)
    if (!draft.value || now === sent || !form.value.categories.length) return
    saving.value = true
    try {
      draft.value = await amendRecognition(draft.value.id, form.value, draft.value.version, newKey())
      sent = now
      problem.value = null
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      saving.value = false
    }
  }

  /** Everything typed is on the server when this resolves. */
  function flush(): Promise<void> {
    clearTimeout(timer)
    running = running.then(write)
    return running
  }
  watch(form, () => {
    if (!draft.value) return
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), 350)
  })
  /** What the form holds now is what the server has. */
  const mark = (): void => void (sent = JSON.stringify(form.value))
  return { saving, flush, mark }
}

/**
 * An application while it is filled in. It is a draft on the server from the second step on:
 * each change is kept there and judged anew, so what is shown is what the law will say.
 */
export function useApplyDraft() {
  const route = useRoute()
  const router = useRouter()
  const problem: Trouble = shallowRef<Problem | null>(null)
  const loading = ref(false)
  const draft = shallowRef<Recognition | null>(null)
  const categories = ref<string[]>([])
  const primary = ref('')
  const answers = reactive(blank())
  const { person, others, choose } = useApplicant(problem)
  const form = computed(() =>
    formOf(person.value?.id ?? '', categories.value, primary.value, factsOf(answers, categories.value, person.value?.household_id)),
  )
  const { saving, flush, mark } = useKept(draft, form, problem)

  async function pick(id: string): Promise<void> {
    loading.value = true
    problem.value = null
    await choose(id)
    loading.value = false
  }

  /** Takes up a draft or a returned application where it was left. */
  async function resume(id: string): Promise<void> {
    loading.value = true
    problem.value = null
    try {
      const r = await readRecognition(id)
      await choose(r.person.id, r.id)
      categories.value = r.holdings.map((h) => h.category)
      primary.value = r.primary
      Object.assign(answers, answersOf(r.facts))
      draft.value = r
      mark()
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      loading.value = false
    }
  }

  function forget(): void {
    person.value = null
    categories.value = []
    Object.assign(answers, blank())
    void router.replace({ query: {} })
  }

  const open = useAct((key: string) => applyRecognition(form.value, key), { quiet: true })
  async function start(): Promise<void> {
    mark()
    draft.value = await open.run()
    problem.value = open.problem.value
    if (draft.value) await router.replace({ query: { draft: draft.value.id } })
  }

  const send = useAct((key: string) => moveRecognition(draft.value!.id, 'submit', {}, key), { quiet: true })
  async function submit(): Promise<void> {
    await flush()
    if (problem.value) return
    const r = await send.run()
    problem.value = send.problem.value
    if (r) await router.push(`/desk/recognitions/${r.id}`)
  }

  const asked = computed(() => String(route.query.draft ?? ''))
  watch(asked, (id) => void (id && id !== draft.value?.id && resume(id)), { immediate: true })
  if (!asked.value && route.query.person) void pick(String(route.query.person))

  const busy = computed(() => open.busy.value || send.busy.value)
  return { person, others, draft, categories, primary, answers, problem, loading, saving, busy, pick, forget, start, submit }
}
