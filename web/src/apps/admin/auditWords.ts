import { computed } from 'vue'
import { useI18n } from 'vue-i18n'

/** Acts and records of the trace in words; an act a later release adds shows its plain code until it is named. */
export function useAuditWords() {
  const { t, te, tm } = useI18n()
  const act = (kind: string): string => {
    const id = kind.replace('.', '_')
    return te(`office.kind.${id}`, 'zh-CN') ? t(`office.kind.${id}`) : kind
  }
  const subject = (kind: string): string => (te(`admin.audit.subject.${kind}`, 'zh-CN') ? t(`admin.audit.subject.${kind}`) : kind)

  /** Every act there is a word for; its code is the key with its first underscore as a point. */
  const kinds = computed(() =>
    Object.keys(tm('office.kind') as Record<string, unknown>).map((id) => ({ value: id.replace('_', '.'), label: t(`office.kind.${id}`) })),
  )
  return { act, subject, kinds }
}
