/** A cell that no spreadsheet takes for a formula or splits in two. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe
}

/** The rows as a file the accountant's spreadsheet opens; the mark at its start says it is UTF-8. */
export function sheetText(rows: string[][]): string {
  return `\uFEFF${rows.map((r) => r.map(cell).join(',')).join('\r\n')}\r\n`
}

export function saveSheet(name: string, rows: string[][]): void {
  const url = URL.createObjectURL(new Blob([sheetText(rows)], { type: 'text/csv;charset=utf-8' }))
  const a = document.createElement('a')
  a.href = url
  a.download = name
  a.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
