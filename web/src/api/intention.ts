import { Problem } from './problem'

/** A fresh Idempotency-Key; works on plain-http kiosks too, where randomUUID is missing. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

/**
 * One intention of one person: the key stays while the same content is retried after a lost
 * answer (offline, 5xx), so a repeat can never apply twice; it changes with the content or
 * after a definite answer.
 */
export class Intention {
  private key = ''
  private content = ''

  /** Runs the call under this intention's key. */
  async run<R>(content: unknown, call: (key: string) => Promise<R>): Promise<R> {
    const now = JSON.stringify(content) ?? ''
    if (!this.key || this.content !== now) {
      this.key = newKey()
      this.content = now
    }
    try {
      const result = await call(this.key)
      this.key = ''
      return result
    } catch (error) {
      const unsure = error instanceof Problem && (error.status === 0 || error.status >= 500)
      if (!unsure) this.key = ''
      throw error
    }
  }
}
