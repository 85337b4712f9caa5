import { axe, expect, noSideScroll, shot, signInStaff, test } from './support'

test('the bureau reads thirteen numbers in two columns that are never added', async ({ page }) => {
  await signInStaff(page, 'bureau', '/dashboard')
  await expect(page.locator('.tiles .tile')).toHaveCount(13)
  await expect(page.locator('.tiles .tile').nth(1)).toContainText('城镇新增就业人数')
  await expect(page.locator('.tiles .tile').nth(1)).toContainText('本系统贡献')
  await expect(page.locator('.tiles .tile').nth(1)).toContainText('部门上报总数')
  await expect(page.locator('.towns svg path').first()).toBeVisible()
  await shot(page, 'dashboard-1-overview', true)
  await axe(page)
  await page.locator('.lg-segment').getByText('2023', { exact: true }).click()
  await expect(page.getByRole('heading', { name: '2023 年指标看板' })).toBeVisible()
  await expect(page.locator('.tiles .tile')).toHaveCount(13) // a year before us: reported totals, no contribution
})

test('a number opens to its towns, villages and facts, and a fact to the act that made it', async ({ page }) => {
  await signInStaff(page, 'bureau', '/dashboard/indicators/3')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('帮扶率')
  const towns = page.locator('table tbody tr')
  await expect(towns).toHaveCount(12)
  await shot(page, 'dashboard-2-indicator', true)
  await axe(page)
  await towns.first().getByRole('link').click()
  await expect(page.getByText('全市')).toBeVisible()
  await shot(page, 'dashboard-3-villages')
  await page.locator('table tbody tr').first().getByRole('link').click()
  await expect(page.getByRole('heading', { name: '事实清单' })).toBeVisible()
  await expect(page.locator('.fact').first()).toBeVisible()
  await shot(page, 'dashboard-4-facts')
  await axe(page)
  await page.locator('.fact').first().click()
  await expect(page.getByText('由哪件事造成')).toBeVisible()
  await shot(page, 'dashboard-5-fact')
  await axe(page)
})

test("a department's number is entered by one and approved by another", async ({ page, browser }) => {
  await signInStaff(page, 'bureau', '/dashboard/reports')
  const document = `快报 ${Date.now()}`
  await page.getByRole('button', { name: '录入上报数' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('指标').selectOption({ index: 10 })
  await form.getByLabel('所属期').fill('2026-13')
  await form.getByLabel('数值').fill('412')
  await form.getByLabel('发布部门').fill('市人力社保局劳动关系科')
  await form.getByLabel('依据文件').fill(document)
  await form.getByRole('button', { name: /确定|保存|好/ }).click()
  await expect(form.getByRole('alert').first()).toBeVisible() // there is no thirteenth month
  await form.getByLabel('所属期').fill('2026-11')
  await axe(page)
  await form.getByRole('button', { name: /确定|保存|好/ }).click()
  const row = page.locator('.report', { hasText: document })
  await expect(row).toBeVisible()
  await row.getByRole('button', { name: '提交' }).click()
  await expect(row.getByText('须由另一人审批')).toBeVisible() // whoever entered it cannot approve it
  await shot(page, 'dashboard-6-reports')
  await axe(page)

  const other = await (await browser.newContext({ baseURL: page.url().replace(/\/dashboard.*/, ''), locale: 'zh-CN' })).newPage()
  await signInStaff(other, 'bureau2', '/dashboard/reports')
  await other.locator('.report', { hasText: document }).getByRole('button', { name: '批准' }).click()
  await expect(other.locator('.report', { hasText: document })).toContainText('已审批')
  await other.goto('/dashboard')
  await expect(other.locator('.tiles .tile').nth(9)).toContainText('412')
  await other.context().close()
})

test('a town officer sees her own town and no fact of another', async ({ page }) => {
  await signInStaff(page, 'xc-town', '/dashboard')
  await expect(page.locator('.tiles .tile')).toHaveCount(13) // the numbers of the city are everybody's
  const facts = await page.request.get('/api/v1/indicators/3/facts?year=2026&region=330481002000')
  expect([403, 404]).toContain(facts.status())
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } })
  test('the bureau reads it on the way', async ({ page }) => {
    await signInStaff(page, 'bureau', '/dashboard')
    await expect(page.locator('.tiles .tile')).toHaveCount(13)
    await noSideScroll(page)
    await shot(page, 'dashboard-7-phone')
    await page.goto('/dashboard/unhelped')
    await expect(page.locator('main li').first()).toBeVisible()
    await noSideScroll(page)
    await axe(page)
    await shot(page, 'dashboard-8-unhelped')
  })
})
