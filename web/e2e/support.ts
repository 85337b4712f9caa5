import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import AxeBuilder from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'

/** The test with the started server's address; read late, because global setup sets it. */
export const test = base.extend({
  baseURL: async ({}, use) => use(process.env.LINGGONG_E2E_URL ?? ''),
})
export { expect }

const SHOTS = fileURLToPath(new URL('./output/', import.meta.url))

/** Keeps a picture of the page under e2e/output/. */
export async function shot(page: Page, name: string, fullPage = false): Promise<void> {
  await page.waitForTimeout(300) // entrance motion
  await page.screenshot({ path: `${SHOTS}${name}.png`, fullPage })
}

/** No violation of WCAG 2.2 A or AA on what is shown now. */
export async function axe(page: Page): Promise<void> {
  const result = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  const found = result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 5).join(' | ')}`)
  expect(found).toEqual([])
}

/** Signs a demo staff account in through the page. */
export async function signInStaff(page: Page, username: string, next = '/'): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`)
  await page.getByLabel('用户名').fill(username)
  await page.getByLabel('密码').fill('linggong-demo')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.waitForURL((url) => url.pathname !== '/sign-in')
}

/** Signs an employer or worker in by phone; the demo shows the code. */
export async function signInPhone(page: Page, path: string, phone: string): Promise<void> {
  await page.goto(path)
  await page.getByLabel('手机号').fill(phone)
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByRole('button', { name: /演示验证码/ }).click()
  await page.getByRole('button', { name: '登录', exact: true }).click()
}

/** Text and controls that overflow the page sideways; none is right. */
export async function noSideScroll(page: Page): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(wide).toBeLessThanOrEqual(1)
}

/** Kilobytes of JavaScript a visit loads, gzipped as it travels. */
export async function loadedScripts(page: Page, visit: () => Promise<unknown>): Promise<number> {
  const bodies: Promise<Buffer>[] = []
  page.on('response', (r) => {
    if (r.url().endsWith('.js')) bodies.push(r.body())
  })
  await visit()
  await page.waitForLoadState('networkidle').catch(() => undefined) // a live stream never idles
  const sizes = (await Promise.all(bodies)).map((b) => gzipSync(b).length)
  return Math.round(sizes.reduce((a, b) => a + b, 0) / 1024)
}

/** Pairs this browser as a kiosk of the first station, as an administrator would have done. */
export async function pairKiosk(page: Page): Promise<void> {
  const options = { headers: { 'X-Linggong': '1' } }
  const stations = (await (await page.request.get('/api/v1/stations')).json()) as { items: { id: string }[] }
  await page.request.post('/api/v1/session/staff', { ...options, data: { username: 'admin', password: 'linggong-demo' } })
  const made = await page.request.post('/api/v1/admin/kiosks', {
    ...options,
    data: { station_id: stations.items[0].id, name: '浏览器测试', kind: 'kiosk' },
  })
  if (!made.ok()) return
  const { pairing_code } = (await made.json()) as { pairing_code: string }
  await page.request.post('/api/v1/session/kiosk', { ...options, data: { pairing_code } })
}
