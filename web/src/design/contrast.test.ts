import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync('src/design/tokens.css', 'utf8')

/** The tokens one selector sets. */
function block(selector: string): Record<string, string> {
  const at = css.indexOf(`${selector} {`)
  if (at < 0) throw new Error(`no block ${selector}`)
  const body = css.slice(at, css.indexOf('\n}', at))
  return Object.fromEntries([...body.matchAll(/(--lg-[\w-]+):\s*(#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]))
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (hi + 0.05) / (lo + 0.05)
}

const hues = ['teal', 'gold', 'vermilion', 'green', 'amber', 'red', 'blue', 'grey']
const light = block(':root')
const themes: [string, Record<string, string>, number][] = [
  ['light', light, 4.5],
  ['dark', { ...light, ...block(":root[data-theme='dark']") }, 4.5],
  ['contrast', { ...light, ...block(":root[data-theme='contrast']") }, 7],
  ['kiosk', { ...light, ...block(":root[data-app='kiosk']") }, 7],
]

describe.each(themes)('theme %s', (_name, tokens, least) => {
  const pairs: [string, string][] = [
    ...['ink', 'ink-2', 'ink-3', ...hues].flatMap((h): [string, string][] => [
      [h, 'paper'],
      [h, 'surface'],
      [h, 'sunken'],
    ]),
    ...hues.map((h): [string, string] => [h, `${h}-soft`]),
    ['ink', 'teal-soft'],
    ['ink', 'vermilion-soft'],
    ['on-teal', 'teal'],
    ['on-vermilion', 'vermilion'],
    ['on-header', 'header'],
  ]
  it.each(pairs)('%s on %s can be read', (fg, bg) => {
    expect(contrast(tokens[`--lg-${fg}`], tokens[`--lg-${bg}`])).toBeGreaterThanOrEqual(least)
  })
})
