export interface Derived {
  sex: 'female' | 'male'
  year: number
  month: number
  /** Full years on the given day. */
  age: number
}

/** What an ID number says of its holder, to be read back to her while it is typed. Whether it is right, the server tells. */
export function derive(id: string, today: string): Derived | null {
  const found = /^\d{6}((?:19|20)\d\d)(\d\d)(\d\d)\d\d(\d)[\dXx]$/.exec(id.trim())
  if (!found) return null
  const [, y, m, d, sex] = found
  const birth = `${y}-${m}-${d}`
  const time = new Date(`${birth}T00:00:00Z`)
  if (Number.isNaN(time.getTime()) || time.toISOString().slice(0, 10) !== birth || birth > today) return null
  const year = Number(y)
  const had = today.slice(5) >= birth.slice(5)
  return { sex: Number(sex) % 2 ? 'male' : 'female', year, month: Number(m), age: Number(today.slice(0, 4)) - year - (had ? 0 : 1) }
}
