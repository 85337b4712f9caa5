/** Fen as yuan without a sign: 2600 → "26", 2650 → "26.5", 123456 → "1,234.56". */
export function yuan(fen: number): string {
  const sign = fen < 0 ? '-' : ''
  const abs = Math.abs(Math.round(fen))
  const whole = Math.floor(abs / 100)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')
  const cents = abs % 100
  if (cents === 0) return sign + whole
  return `${sign}${whole}.${cents.toString().padStart(2, '0').replace(/0$/, '')}`
}

/** Fen with the sign: ￥26. */
export function money(fen: number): string {
  return fen < 0 ? `-￥${yuan(-fen)}` : `￥${yuan(fen)}`
}

/** What somebody typed as yuan, in fen; null when it is no amount of at most two decimals. */
export function parseYuan(text: string): number | null {
  const clean = text.replace(/[￥¥,,\s元]/g, '')
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(clean)) return null
  const [whole, cents = ''] = clean.split('.')
  return Number(whole) * 100 + Number(cents.padEnd(2, '0'))
}

/** A plain count with thousands commas. */
export function count(n: number): string {
  return n.toLocaleString('en-US')
}

/** Permille as a percentage with one decimal at most: 853 → "85.3%". */
export function percentOfRatio(ratio: number, digits = 1): string {
  const p = ratio * 100
  return `${p.toFixed(digits).replace(/\.0+$/, '')}%`
}
