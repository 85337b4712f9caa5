/**
 * Masked names these pages have shown, so that a form opened without signal still says whom it is
 * about, and a person can still be chosen. Memory only: nothing of it stays on the device.
 */
export interface Known {
  id: string
  label: string
  why?: string
}
const names = new Map<string, Known>()

export function remember(id: string | undefined, label: string, why?: string): void {
  if (id && label) names.set(id, { id, label, why: why ?? names.get(id)?.why })
}
export const seen = (id: string): string => names.get(id)?.label ?? ''
/** Those to whom something is owed, in the order in which the day's list named them. */
export const owed = (): Known[] => [...names.values()].filter((k) => k.why)
export const everyone = (): Known[] => [...names.values()]
