import { computed, reactive, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { listOwnPostings, readOwnEmployer } from '@/api/employers'
import { changePosting, createPosting, publishPosting, readOwnPosting } from '@/api/postings'
import type { OwnEmployer, OwnPosting, PostingDraft } from '@/api/types-employer'
import { useAct } from '@/lib/act'
import { today } from '@/lib/clock'
import { useResource } from '@/lib/resource'
import { addDays } from '@/lib/when'
import { useMeta } from '@/stores/meta'
import { useSession } from '@/stores/session'
import { toast } from '@/ui'
import { copyOf, emptyForm, fromPosting, keptOf, toDraft, type Kept, type PostingForm } from './postingDraft'
import { useCheck } from './useCheck'
import { useUnsaved } from './unsaved'

/** Postings that are published by saving them once more; the others need the act of publishing. */
const LIVE = ['published', 'filled', 'in_review']

/** Everything behind the posting form: what is typed, what is kept, what the rules say, saving and publishing. */
export function usePostingForm() {
  const { t } = useI18n()
  const route = useRoute()
  const router = useRouter()
  const session = useSession()
  const meta = useMeta()
  const id = computed(() => String(route.params.id ?? ''))
  const tomorrow = (): string => addDays(today.value, 1)

  const form = reactive<PostingForm>(emptyForm(tomorrow(), ''))
  const saved = shallowRef<OwnPosting | null>(null)
  const kept = shallowRef<Kept | null>(null)
  const employer = shallowRef<OwnEmployer | null>(null)
  const old = shallowRef<OwnPosting[]>([])
  const restored = ref(false)
  const strict = ref(false)
  const draft = computed(() => toDraft(form, kept.value))
  const check = useCheck(draft, strict)
  const unsaved = useUnsaved(
    () => `lg.employer.posting.${session.me.account_id}.${id.value || 'new'}`,
    form,
    () => (id.value ? saved.value?.version ?? 0 : 0),
  )

  /** The form as it begins: what was kept here, else the posting, the copied one, or an empty page. */
  async function load(): Promise<boolean> {
    await meta.load()
    const [mine, list] = await Promise.all([readOwnEmployer(), listOwnPostings({ limit: 20 })])
    employer.value = mine
    old.value = list.items
    if (id.value) {
      saved.value = await readOwnPosting(id.value)
      kept.value = keptOf(saved.value)
    }
    const copied = route.query.copy ? await readOwnPosting(String(route.query.copy)).catch(() => null) : null
    if (copied) copyFrom(copied)
    else begin()
    unsaved.start()
    void check.now()
    return true
  }
  /** An empty page begins at the place the last posting was at. */
  function start(): PostingForm {
    if (saved.value) return fromPosting(saved.value)
    const village = employer.value?.village ?? ''
    return { ...emptyForm(tomorrow(), village), address: old.value.find((p) => p.village === village)?.address ?? '' }
  }
  function begin(): void {
    Object.assign(form, start())
    restored.value = unsaved.restore()
  }
  function startAnew(): void {
    unsaved.forget()
    Object.assign(form, start())
    restored.value = false
  }
  function copyFrom(p: OwnPosting): void {
    Object.assign(form, copyOf(p, tomorrow()))
    if (!saved.value) kept.value = { ...keptOf(p) }
    restored.value = false
  }
  const resource = useResource(load)

  const keep = useAct((key: string, to: string, body: PostingDraft, version: number) =>
    to ? changePosting(to, body, version, key) : createPosting(body, key), { quiet: true })
  const publish = useAct((key: string, to: string) => publishPosting(to, key), { quiet: true })
  const busy = computed(() => keep.busy.value || publish.busy.value)
  const problem = computed(() => keep.problem.value ?? publish.problem.value)
  const live = computed(() => LIVE.includes(saved.value?.status ?? ''))
  const blocks = computed(() => check.findings.value.filter((f) => f.severity === 'block'))

  /** Writes the draft on the server; its own refusal is in `problem`. */
  async function write(): Promise<OwnPosting | null> {
    publish.problem.value = null
    const p = await keep.run(saved.value?.id ?? '', draft.value, saved.value?.version ?? 0)
    if (!p) return null
    unsaved.forget()
    saved.value = p
    kept.value = keptOf(p)
    // the shifts have their numbers now; a second save must not make them new
    Object.assign(form, { shifts: fromPosting(p).shifts })
    restored.value = false
    return p
  }
  async function saveDraft(): Promise<void> {
    const p = await write()
    if (!p) return
    toast(t('employer.form.saved'), 'good')
    await router.push(`/employer/postings/${p.id}`)
  }
  /** Publishes unless a rule forbids it: then the page shows what, beside its field. */
  async function send(): Promise<boolean> {
    strict.value = true
    const judged = await check.now()
    if (judged && !judged.lawful && blocks.value.length) return false
    let p = await write()
    if (p && !LIVE.includes(p.status)) p = await publish.run(p.id)
    if (!p) return !problem.value
    saved.value = p
    toast(t(p.status === 'in_review' ? 'employer.form.sentToReview' : 'employer.form.published'), 'good')
    await router.push({ path: `/employer/postings/${p.id}`, query: { just: p.status === 'in_review' ? 'review' : 'published' } })
    return true
  }

  return { form, saved, employer, old, restored, check, blocks, resource, busy, problem, live, copyFrom, startAnew, saveDraft, send }
}
