/** What an idle watch tells: `left` seconds until the page forgets, null while somebody is there. */
export interface IdleOptions {
  warnAfter: number
  forgetAfter: number
  onWarn(left: number): void
  onBack(): void
  onForget(): void
  now?: () => number
}

/** Watches for a person who walked away. Seconds; `touch` at every sign of life, `step` each second. */
export class IdleWatch {
  private last: number
  private warning = false
  private readonly now: () => number

  constructor(private readonly options: IdleOptions) {
    this.now = options.now ?? (() => performance.now())
    this.last = this.now()
  }

  /** A sign of life. */
  touch(): void {
    this.last = this.now()
    if (!this.warning) return
    this.warning = false
    this.options.onBack()
  }

  /** Compares the clock; call it once a second. */
  step(): void {
    const idle = (this.now() - this.last) / 1000
    if (idle >= this.options.forgetAfter) {
      this.warning = false
      this.last = this.now()
      this.options.onForget()
    } else if (idle >= this.options.warnAfter) {
      this.warning = true
      this.options.onWarn(Math.ceil(this.options.forgetAfter - idle))
    }
  }
}
