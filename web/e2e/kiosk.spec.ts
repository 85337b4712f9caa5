import type { Page } from '@playwright/test'
import { axe, expect, loadedScripts, noSideScroll, pairKiosk, shot, test } from './support'

const SURNAME = '沈'

/** A number nobody has; a second application by one number would overlap. */
function freshPhone(): string {
  return `139${Math.floor(10_000_000 + Math.random() * 89_999_999)}`
}

async function open(page: Page): Promise<void> {
  await pairKiosk(page)
  await page.goto('/kiosk')
  await expect(page.locator('.gig').first()).toBeVisible({ timeout: 20_000 })
}

async function dial(page: Page, digits: string): Promise<void> {
  for (const d of digits) await page.getByRole('button', { name: d, exact: true }).tap()
}

/** Everything a page can hold of a visitor, as one text. */
function remains(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const values = [...document.querySelectorAll<HTMLInputElement>('input, textarea')].map((i) => i.value)
    const stores = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })]
    const kept = 'caches' in window ? await caches.keys() : []
    const databases = (await indexedDB.databases?.()) ?? []
    return [
      document.documentElement.outerHTML, ...values, ...stores, ...kept, JSON.stringify(databases),
      location.href, JSON.stringify(history.state), document.cookie,
    ].join('\n')
  })
}

/** Shown text and controls against the elder rules: 24 px, 64 px. */
function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const seen = (el: Element): boolean => {
      const box = el.getBoundingClientRect()
      return box.width > 1 && box.height > 1 && getComputedStyle(el).visibility !== 'hidden'
    }
    for (const el of document.querySelectorAll('#app *')) {
      const own = [...el.childNodes].some((n) => n.nodeType === 3 && n.textContent?.trim())
      const size = parseFloat(getComputedStyle(el).fontSize)
      if (own && seen(el) && size < 23.9 && !el.closest('.lg-visually-hidden')) found.push(`${size}px ${el.textContent?.slice(0, 20)}`)
    }
    for (const el of document.querySelectorAll('#app button, #app a[href], #app input')) {
      const box = el.getBoundingClientRect()
      const covered = el.getAttribute('tabindex') === '-1'
      if (seen(el) && !covered && (box.height < 64 || box.width < 64)) found.push(`${Math.round(box.width)}×${Math.round(box.height)} ${el.textContent?.slice(0, 20)}`)
    }
    return found
  })
}

test('a seeker at the kiosk applies in four taps', async ({ page }) => {
  const phone = freshPhone()
  await open(page)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('零工')
  await shot(page, 'kiosk-1-home')

  let taps = 0
  await page.locator('.gig').first().tap()
  taps++
  await expect(page.getByText('在哪里')).toBeVisible()
  await expect(page.locator('.pay').first()).toContainText('￥')
  await shot(page, 'kiosk-2-detail')

  await page.getByRole('button', { name: '我要报名' }).tap()
  taps++
  await dial(page, phone) // digits are not counted
  await page.getByRole('button', { name: SURNAME, exact: true }).tap()
  taps++
  await shot(page, 'kiosk-3-apply')

  await page.getByRole('button', { name: '确认报名' }).tap()
  taps++
  const code = page.getByTestId('pickup-code')
  await expect(code).toHaveText(/^\d{3} \d{3}$/)
  await expect(page.getByText('驿站电话').first()).toBeVisible()
  await shot(page, 'kiosk-4-slip')
  expect(taps).toBeLessThanOrEqual(4)

  // the slip finds the application again, by the code and the phone's last four
  const digits = (await code.textContent())!.replace(/\D/g, '') + phone.slice(-4)
  await page.getByRole('button', { name: '查我的报名' }).tap()
  await dial(page, digits)
  await page.getByRole('button', { name: '查一下' }).tap()
  await expect(page.getByRole('heading', { name: '你报的零工' })).toBeVisible()
  await shot(page, 'kiosk-5-lookup')
})

test('nothing of a seeker is left on the kiosk after a minute', async ({ page }) => {
  const phone = freshPhone()
  await page.clock.install()
  await open(page)
  await page.locator('.gig').nth(1).tap()
  await page.getByRole('button', { name: '我要报名' }).tap()
  await dial(page, phone)
  await page.getByRole('button', { name: SURNAME, exact: true }).tap()
  await expect(page.getByText(`${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)}`)).toBeVisible()
  await page.clock.runFor(46_000)
  await expect(page.getByRole('heading', { name: '还在吗？' })).toBeVisible()
  await page.getByRole('button', { name: '我还在' }).tap()
  await expect(page.getByRole('heading', { name: '还在吗？' })).toBeHidden()
  await page.clock.runFor(62_000)
  await expect(page.locator('.gig').first()).toBeVisible()
  const left = await remains(page)
  for (const canary of [phone, phone.slice(3), phone.slice(-4) + '"', `${phone.slice(3, 7)} ${phone.slice(7)}`]) expect(left).not.toContain(canary)
  expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2)
})

test('a seeker finds work by two letters on the big keys', async ({ page }) => {
  await open(page)
  await page.locator('.search').tap()
  await page.getByRole('button', { name: 'b', exact: true }).tap()
  await page.getByRole('button', { name: 'j', exact: true }).tap()
  await shot(page, 'kiosk-6-search')
  await page.getByRole('button', { name: '找', exact: true }).tap()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('bj')
  await expect(page.locator('.gig').first()).toContainText('保洁')
  await expect(page.locator('.gig .title mark').first()).toContainText('保洁') // why it was found
})

test('the kiosk shows its last list while the network is away', async ({ page, context }) => {
  await open(page)
  await context.route('**/api/v1/**', (route) => route.abort('internetdisconnected'))
  await page.getByRole('button', { name: '包吃', exact: true }).tap()
  await expect(page.getByText(/网络断了/)).toBeVisible()
  // what it saw last: the list comes again as soon as the kiosk knows where it stands
  const kept = await page.evaluate(() => JSON.parse(localStorage.getItem('lg.kiosk.catalogue')!).page.items.map((p: { title: string }) => p.title))
  expect(kept.length).toBeGreaterThan(1)
  await expect(page.locator('.gig .title')).toHaveText(kept)
})

test('a full shift is told kindly, with others near', async ({ page }) => {
  await open(page)
  const near = await page.evaluate(async () => (await (await fetch('/api/v1/postings?limit=3')).json()).items)
  await page.route('**/apply', (route) =>
    route.fulfill({
      status: 409,
      contentType: 'application/problem+json',
      body: JSON.stringify({ status: 409, code: 'shift_full', detail: '这一班刚刚招满了，谢谢您来报名。', alternatives: near }),
    }),
  )
  await page.locator('.gig').first().tap()
  await page.getByRole('button', { name: '我要报名' }).tap()
  await dial(page, freshPhone())
  await page.getByRole('button', { name: SURNAME, exact: true }).tap()
  await page.getByRole('button', { name: '确认报名' }).tap()
  await expect(page.getByText('这一班刚刚招满了')).toBeVisible()
  await expect(page.locator('.gig')).toHaveCount(3)
  await shot(page, 'kiosk-7-full')
})

test('every kiosk screen can be read and reached', async ({ page }) => {
  await open(page)
  for (const theme of ['light', 'contrast']) {
    await page.evaluate((t) => (document.documentElement.dataset.theme = t), theme)
    await axe(page)
  }
  expect(await tooSmall(page)).toEqual([])
  await noSideScroll(page)
  await page.locator('.gig').first().tap()
  await expect(page.getByText('在哪里')).toBeVisible()
  await axe(page)
  expect(await tooSmall(page)).toEqual([])
  await page.getByRole('button', { name: '我要报名' }).tap()
  await axe(page)
  expect(await tooSmall(page)).toEqual([])
  await page.getByRole('button', { name: '查我的报名' }).tap()
  await axe(page)
  expect(await tooSmall(page)).toEqual([])
})

test('the kiosk grows its type and comes down to a seated reach', async ({ page }) => {
  await open(page)
  // a list that is just arriving has no size yet
  const size = () => page.locator('.gig .title').first().evaluate((el) => parseFloat(getComputedStyle(el).fontSize))
  await expect.poll(size).toBeGreaterThan(0)
  const before = await size()
  await page.getByRole('button', { name: '大字' }).tap()
  await expect.poll(size).toBeGreaterThan(before * 1.15)
  await page.getByRole('button', { name: '坐着用' }).tap()
  const top = await page.locator('.search').evaluate((el) => el.getBoundingClientRect().top)
  expect(top).toBeGreaterThan(1920 * 0.38)
  await shot(page, 'kiosk-8-seated')
})

test('the kiosk works lying down as well', async ({ page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 })
  await open(page)
  await noSideScroll(page)
  await page.locator('.gig').first().tap()
  await expect(page.getByRole('button', { name: '我要报名' })).toBeInViewport()
  await shot(page, 'kiosk-9-landscape')
})

test('the kiosk loads at most 150 kB of script', async ({ page }) => {
  const kilobytes = await loadedScripts(page, () => open(page))
  expect(kilobytes).toBeLessThanOrEqual(150)
})
