import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = 'src'

function walk(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name)
    return statSync(path).isDirectory() ? walk(path) : [path]
  })
}

function flatten(value: unknown, prefix: string, into: Map<string, string>): Map<string, string> {
  if (typeof value === 'string') return into.set(prefix, value)
  for (const [key, v] of Object.entries(value as object)) flatten(v, prefix ? `${prefix}.${key}` : key, into)
  return into
}

function catalogue(locale: string): Map<string, string> {
  const all = new Map<string, string>()
  for (const path of walk(join(root, 'i18n', locale))) {
    const name = path.split('/').pop()!.replace('.json', '')
    flatten(JSON.parse(readFileSync(path, 'utf8')), name, all)
  }
  return all
}

const source = walk(root)
  .filter((p) => /\.(vue|ts)$/.test(p) && !p.endsWith('.test.ts'))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }))
const zh = catalogue('zh-CN')
const en = catalogue('en')
const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort()

/** `t('a.b')` with a plain literal. */
const literal = /\bt\(\s*(['"])([\w.-]+)\1/g
/** t(`a.b.${x}`): everything below a.b counts as used. */
const dynamic = /`([a-zA-Z][\w-]*\.(?:[\w-]+\.)*[\w-]*)\$\{/g
const everyString = /(['"`])([a-zA-Z][\w-]*(?:\.[\w-]+)+)\1/g

describe('the catalogues', () => {
  it('have every key in both languages', () => {
    expect([...en.keys()].sort()).toEqual([...zh.keys()].sort())
  })

  it('keep the same placeholders in both languages', () => {
    const differ = [...zh].filter(([k, v]) => String(placeholders(v)) !== String(placeholders(en.get(k) ?? '')))
    expect(differ.map(([k]) => k)).toEqual([])
  })

  it('hold every key the code asks for', () => {
    const missing = source.flatMap(({ path, text }) =>
      [...text.matchAll(literal)].filter((m) => !zh.has(m[2])).map((m) => `${path}: ${m[2]}`),
    )
    expect(missing).toEqual([])
  })

  it('hold no key that nothing asks for', () => {
    const used = new Set(source.flatMap(({ text }) => [...text.matchAll(everyString)].map((m) => m[2])))
    const prefixes = source.flatMap(({ text }) => [...text.matchAll(dynamic)].map((m) => m[1]))
    const unused = [...zh.keys()].filter(
      (key) => !key.startsWith('enums.') && !used.has(key) && !prefixes.some((p) => key.startsWith(p)),
    )
    expect(unused).toEqual([])
  })

  it('use full-width punctuation in Chinese', () => {
    const half = [...zh].filter(([, v]) => /[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]/.test(v))
    expect(half).toEqual([])
  })

  it('leave no Chinese text in the code itself', () => {
    const allowed = /(lib\/(when|money|geo|surnames|pictogram|speech)|api\/problem)\.ts$|apps\/gallery\//
    const strays = source
      .filter(({ path }) => !allowed.test(path))
      .flatMap(({ path, text }) =>
        text
          .replace(/<!--[\s\S]*?-->|\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
          .split('\n')
          .filter((line) => /[\u4e00-\u9fff]/.test(line))
          .map((line) => `${path}: ${line.trim()}`),
      )
    expect(strays).toEqual([])
  })
})
