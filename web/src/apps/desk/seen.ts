/** Masked names this page has shown, so that a form opened without signal still says who it is about. Memory only. */
const names = new Map<string, string>()

export const remember = (id: string | undefined, label: string): void => void (id && names.set(id, label))
export const seen = (id: string): string => names.get(id) ?? ''
