import type { RecognitionForm } from '@/api/types-desk'
import type { RecognitionCategory, RecognitionFacts } from '@/api/types-deskhelp'

/** What the form holds: every answer a text, as controls give it. */
export interface ApplyAnswers {
  registered: string
  benefitFrom: string
  drawing: boolean
  benefitTo: string
  income: string
  kind: string
  level: string
  support: boolean
  other: string
}

export const blank = (): ApplyAnswers => ({
  registered: '', benefitFrom: '', drawing: true, benefitTo: '', income: '', kind: '', level: '', support: false, other: '',
})

/** The answers of a stored application. */
export function answersOf(f: RecognitionFacts | undefined): ApplyAnswers {
  return {
    registered: f?.registered_unemployed_on ?? '',
    benefitFrom: f?.benefit_from ?? '',
    drawing: !f?.benefit_to,
    benefitTo: f?.benefit_to ?? '',
    income: f?.low_income ?? '',
    kind: f?.disability ? String(f.disability.kind) : '',
    level: f?.disability ? String(f.disability.level) : '',
    support: !!f?.special_support,
    other: f?.other ?? '',
  }
}

/** Only what the chosen categories ask for is sent: nobody's health is kept for a category she does not apply for. */
export function factsOf(a: ApplyAnswers, categories: string[], household = ''): RecognitionFacts {
  const has = (c: RecognitionCategory): boolean => categories.includes(c)
  return {
    ...(a.registered && { registered_unemployed_on: a.registered }),
    ...(has('H2') && household && { household_id: household }),
    ...(has('H3') && a.benefitFrom && { benefit_from: a.benefitFrom, ...(!a.drawing && a.benefitTo && { benefit_to: a.benefitTo }) }),
    ...(has('H4') && (a.income === 'dibao' || a.income === 'edge') && { low_income: a.income }),
    ...(has('H5') && a.kind && a.level && { disability: { kind: Number(a.kind), level: Number(a.level) } }),
    ...(has('H5') && a.support && { special_support: true }),
    ...(has('H6') && a.other.trim() && { other: a.other.trim() }),
  }
}

export function formOf(person: string, categories: string[], primary: string, facts: RecognitionFacts): RecognitionForm {
  const chosen = categories as RecognitionCategory[]
  const first = chosen.includes(primary as RecognitionCategory) ? (primary as RecognitionCategory) : chosen[0]
  return { person_id: person, categories: chosen, primary: first, facts }
}
