const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789' // none that is mistaken for another when read out
const GROUPS = 4
const GROUP = 4

/** A random first password that can be read out over the phone: four groups of four. */
export function newPassword(): string {
  const random = crypto.getRandomValues(new Uint32Array(GROUPS * GROUP))
  const letters = Array.from(random, (n) => LETTERS[n % LETTERS.length])
  return Array.from({ length: GROUPS }, (_, i) => letters.slice(i * GROUP, (i + 1) * GROUP).join('')).join('-')
}
