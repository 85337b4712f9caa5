import { Problem, offlineProblem } from './problem'
import type { Readiness } from './types-admin'

/** Asks the program how it is; 503 is an answer too. */
export async function readReadiness(): Promise<Readiness> {
  const answer = await fetch('/readyz').catch(() => null)
  if (!answer) throw offlineProblem()
  if (answer.status !== 200 && answer.status !== 503) {
    throw new Problem({ status: answer.status, code: `http_${answer.status}`, detail: answer.statusText })
  }
  const said = (await answer.json().catch(() => null)) as Readiness | null
  // whatever stands in front of the program may answer with a page of its own
  if (!said?.checks) throw new Problem({ status: answer.status, code: 'not_readiness' })
  return said
}
