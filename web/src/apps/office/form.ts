import type { Choice } from '@/ui'

export type FormValue = string | boolean | string[]
export type FormValues = Record<string, FormValue>

/** One row of a FormDialog. */
export interface FormField {
  key: string
  label: string
  kind: 'text' | 'area' | 'date' | 'number' | 'choice' | 'select' | 'chips' | 'switch'
  choices?: Choice[]
  required?: boolean
  hint?: string
  value?: FormValue
  /** Shown only while this holds. */
  when?: (values: FormValues) => boolean
  max?: string
  min?: string
}

/** The values a form begins with. */
export function beginning(fields: FormField[]): FormValues {
  const empty = (f: FormField): FormValue => (f.kind === 'switch' ? false : f.kind === 'chips' ? [] : '')
  return Object.fromEntries(fields.map((f) => [f.key, f.value ?? empty(f)]))
}

/** What is shown and filled in; empty texts are left out, so the server sees "not told". */
export function told(fields: FormField[], values: FormValues): FormValues {
  const out: FormValues = {}
  for (const f of fields) {
    if (f.when && !f.when(values)) continue
    const v = values[f.key]
    if (v === '' || (Array.isArray(v) && !v.length)) continue
    out[f.key] = v
  }
  return out
}

/** Required rows that are still empty. */
export function lacking(fields: FormField[], values: FormValues): string[] {
  const given = told(fields, values)
  return fields.filter((f) => f.required && (!f.when || f.when(values)) && given[f.key] === undefined).map((f) => f.key)
}
