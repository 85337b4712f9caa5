/** The slip printer as a port: a real one is Chromium's kiosk printing, the default only shows the slip. */
export interface Printer {
  /** True when a slip comes out by itself after applying. */
  readonly automatic: boolean
  print(): void
}

/** Chromium started with --kiosk-printing prints without a dialog; chosen by ?printer=window on the device. */
const windowPrinter: Printer = { automatic: true, print: () => window.print() }
const simulated: Printer = { automatic: false, print: () => window.print() }

export function printer(): Printer {
  return new URLSearchParams(location.search).get('printer') === 'window' ? windowPrinter : simulated
}
