import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { newKey } from '@/api/intention'
import { readPerson } from '@/api/persons'
import { asProblem, type Problem } from '@/api/problem'
import { amendRecognition, applyRecognition, listRecognitions, moveRecognition, readRecognition } from '@/api/recognitions'
import type { Person, Recognition } from '@/api/types-desk'
import { useAct } from '@/lib/act'
import { answersOf, blank, factsOf, formOf } from './applyFacts'

const OPEN = ['draft', 'returned', 'submitted', 'data_checked', 'town_review', 'publicity', 'objection', 'county_decision', 'recognised', 'suspended']

/**
 * An application while it is filled in. It is a draft on the server from the second step on:
 * each change is kept there and judged anew, so what is shown is what the law will say.
 */
export function useApplyDraft() {
  const route = useRoute()
  const router = useRouter()
  const person = shallowRef<Person | null>(null)
  const others = shallowRef<Recognition[]>([])
  const draft = shallowRef<Recognition | null>(null)
  const categories = ref<string[]>([])
  const primary = ref('')
  const answers = reactive(blank())
  const problem = shallowRef<Problem | null>(null)
  const loading = ref(false)
  const saving = ref(false)
  const form = computed(() =>
    formOf(person.value?.id ?? '', categories.value, primary.value, factsOf(answers, categories.value, person.value?.household_id)),
  )

  async function choose(id: string): Promise<void> {
    loading.value = true
    problem.value = null
    try {
      const [p, list] = await Promise.all([readPerson(id), listRecognitions({ person_id: id, limit: 20 })])
      person.value = p
      others.value = list.items.filter((r) => OPEN.includes(r.status) && r.id !== draft.value?.id)
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      loading.value = false
    }
  }

  /** Takes up a draft or a returned application where it was left. */
  async function resume(id: string): Promise<void> {
    loading.value = true
    try {
      const r = await readRecognition(id)
      draft.value = r
      categories.value = r.holdings.map((h) => h.category)
      primary.value = r.primary
      Object.assign(answers, answersOf(r.facts))
      sent = JSON.stringify(form.value)
      await choose(r.person.id)
      sent = JSON.stringify(form.value)
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      loading.value = false
    }
  }

  function forget(): void {
    person.value = null
    others.value = []
    draft.value = null
    problem.value = null
    categories.value = []
    Object.assign(answers, blank())
    void router.replace({ query: {} })
  }

  const open = useAct((key: string) => applyRecognition(form.value, key), { quiet: true })
  async function start(): Promise<void> {
    sent = JSON.stringify(form.value)
    draft.value = await open.run()
    problem.value = open.problem.value
    if (draft.value) await router.replace({ query: { draft: draft.value.id } })
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> = Promise.resolve()
  let sent = ''

  async function write(): Promise<void> {
    const now = JSON.stringify(form.value)
    if (!draft.value || now === sent || !categories.value.length) return
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

  /** Everything typed is on the server when this resolves. Saves follow one another: each needs the version of the last. */
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

  const send = useAct((key: string) => moveRecognition(draft.value!.id, 'submit', {}, key), { quiet: true })
  async function submit(): Promise<void> {
    await flush()
    if (problem.value) return
    const r = await send.run()
    problem.value = send.problem.value
    if (r) await router.push(`/desk/recognitions/${r.id}`)
  }

  watch(() => String(route.query.draft ?? ''), (id) => { if (id && id !== draft.value?.id) void resume(id) }, { immediate: true })
  if (!route.query.draft && route.query.person) void choose(String(route.query.person))

  const busy = computed(() => open.busy.value || send.busy.value)
  return { person, others, draft, categories, primary, answers, problem, loading, saving, busy, choose, forget, start, submit, flush }
}
