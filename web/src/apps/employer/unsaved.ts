import { onScopeDispose, watch } from 'vue'

/** What is kept on this device until the server has it. */
interface Stored<T> {
  form: T
  /** Of the posting it changes; another version there makes it void. */
  version: number
}

function read<T>(key: string): Stored<T> | null {
  try {
    const text = localStorage.getItem(key)
    return text ? (JSON.parse(text) as Stored<T>) : null
  } catch {
    return null
  }
}

/** Keeps a form on this device while it is typed, so a reload or a dead battery loses nothing. */
export function useUnsaved<T extends object>(key: () => string, form: T, version: () => number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let quiet = true

  function write(): void {
    clearTimeout(timer)
    timer = undefined
    if (quiet) return
    try {
      localStorage.setItem(key(), JSON.stringify({ form, version: version() } satisfies Stored<T>))
    } catch {
      // private mode: what is typed lasts for this visit
    }
  }
  watch(form, () => {
    clearTimeout(timer)
    timer = setTimeout(write, 250)
  }, { deep: true })
  // leaving the page must not lose the last quarter of a second
  const leave = (): void => void (timer && write())
  addEventListener('pagehide', leave)
  onScopeDispose(() => {
    leave()
    removeEventListener('pagehide', leave)
  })

  return {
    /** Puts what was kept into the form; says whether there was something. */
    restore(): boolean {
      const kept = read<T>(key())
      if (!kept || kept.version !== version()) return false
      Object.assign(form, kept.form)
      return true
    },
    /** From now on what is typed is kept. */
    start(): void {
      quiet = false
    },
    forget(): void {
      clearTimeout(timer)
      timer = undefined
      try {
        localStorage.removeItem(key())
      } catch {
        // nothing was kept
      }
    },
  }
}
