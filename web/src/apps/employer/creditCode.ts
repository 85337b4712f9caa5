const SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

export type CodeTrouble = 'length' | 'sign' | 'check' | ''

/**
 * What is wrong with a unified social credit code (GB 32100), or "". The server decides;
 * this only spares a round trip for a slip of the finger.
 */
export function creditCodeTrouble(text: string): CodeTrouble {
  const code = text.trim().toUpperCase()
  if (code.length !== 18) return 'length'
  const values = [...code].map((c) => SIGNS.indexOf(c))
  if (values.includes(-1)) return 'sign'
  const sum = WEIGHTS.reduce((n, w, i) => n + w * values[i], 0)
  return (31 - (sum % 31)) % 31 === values[17] ? '' : 'check'
}
