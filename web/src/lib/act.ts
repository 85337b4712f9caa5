import { ref, shallowRef, type Ref } from 'vue'
import { Intention } from '@/api/intention'
import { asProblem, type Problem } from '@/api/problem'
import { toast } from '@/ui/toast'

/** One thing a person does on a page. */
export interface Act<A extends unknown[], R> {
  busy: Ref<boolean>
  problem: Ref<Problem | null>
  /** Does it once at a time; null when it failed (see `problem`) or is already running. */
  run(...args: A): Promise<R | null>
}

interface Options<R> {
  /** Said when it worked. */
  done?: string | ((result: R) => string)
  /** Show the problem in the page instead of a toast. */
  quiet?: boolean
}

/**
 * Wraps an unsafe call. `fn` gets the idempotency key first: the same key while the same
 * arguments are retried after a lost answer, a new one for a new intention.
 */
export function useAct<A extends unknown[], R>(
  fn: (key: string, ...args: A) => Promise<R>,
  options: Options<R> = {},
): Act<A, R> {
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  const intention = new Intention()

  async function run(...args: A): Promise<R | null> {
    if (busy.value) return null
    busy.value = true
    problem.value = null
    try {
      const result = await intention.run(args, (key) => fn(key, ...args))
      if (options.done) toast(typeof options.done === 'string' ? options.done : options.done(result), 'good')
      return result
    } catch (error) {
      problem.value = asProblem(error)
      if (!options.quiet) toast(problem.value.detail, 'bad')
      return null
    } finally {
      busy.value = false
    }
  }

  return { busy, problem, run }
}
