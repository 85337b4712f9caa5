import { axe, expect, shot, test } from './support'

test('the wall rolls the gigs of today without anybody touching it', async ({ page }) => {
  await page.clock.install()
  await page.goto('/screen')
  await expect(page.locator('.line').first()).toBeVisible({ timeout: 20_000 })
  await expect(page.locator('.numbers')).toContainText('还在招')
  await shot(page, 'screen')
  const first = await page.locator('.line h2').first().textContent()
  await page.clock.runFor(13_500)
  const pages = await page.locator('.dots i').count()
  if (pages > 1) await expect(page.locator('.line h2').first()).not.toHaveText(first!)
  expect(await page.locator('body').innerText()).not.toMatch(/1[3-9]\d{9}/) // posts, never people
})

test('the wall can be read by everybody', async ({ page }) => {
  await page.goto('/screen')
  await expect(page.locator('.line').first()).toBeVisible({ timeout: 20_000 })
  await axe(page)
})

test('a day on the wall does not grow the page', async ({ page }) => {
  await page.clock.install()
  await page.goto('/screen')
  await expect(page.locator('.line').first()).toBeVisible({ timeout: 20_000 })
  const nodes = (): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length)
  await page.clock.runFor(60_000)
  const before = await nodes()
  for (let i = 0; i < 24; i++) await page.clock.fastForward(3_600_000)
  await page.clock.runFor(60_000)
  expect(Math.abs((await nodes()) - before)).toBeLessThan(200)
})
