import type { Page } from '@playwright/test'
import { axe, expect, noSideScroll, shot, signInStaff, test } from './support'

const csrf = { 'X-Linggong': '1' }

/** A worker registered at the counter; free tomorrow unless told otherwise. */
async function register(page: Page, name: string, phone: string): Promise<void> {
  await page.goto('/station/register')
  await page.getByLabel('姓名').fill(name)
  await page.getByLabel('手机号').fill(phone)
  await page.getByLabel('出生日期').fill('1972-04-06')
  await page.getByLabel('住在哪个村').selectOption({ index: 3 })
  await page.locator('.lg-segment').getByText('当面口头同意', { exact: true }).click()
  await page.getByRole('button', { name: '保洁绿化' }).click()
  await page.getByRole('button', { name: '商业保洁员' }).click()
}

test('an operator registers somebody at the counter, who at once waits for work', async ({ page }) => {
  await signInStaff(page, 'hz-operator', '/station')
  await expect(page.getByText('今天等活的人')).toBeVisible()
  await shot(page, 'station-1-desk')
  await axe(page)
  const phone = `1367${String(Date.now()).slice(-7)}`
  await register(page, '丁小满', phone.slice(0, 9))
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await expect(page.getByText('手机号应是 1 开头的 11 位数字')).toBeVisible() // said at the field, nothing lost
  await expect(page.getByLabel('姓名')).toHaveValue('丁小满')
  await page.getByLabel('手机号').fill(phone)
  await shot(page, 'station-2-register', true)
  await axe(page)
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await expect(page.getByRole('heading', { name: /丁\*/ })).toBeVisible()
  await expect(page.getByText('商业保洁员')).toBeVisible()
  await page.getByRole('button', { name: '替本人报名' }).first().click() // read out, and said yes to
  await expect(page.getByText(/^(已报名|已确认)$/).first()).toBeVisible() // an urgent gig takes the first who fits
  await shot(page, 'station-3-worker')
  await axe(page)
  await page.goto('/station/workers')
  await page.getByRole('searchbox', { name: '姓名、号码' }).fill(phone)
  await page.getByRole('button', { name: '查找' }).click()
  await expect(page.locator('main li')).toHaveCount(1)
  expect(page.url()).not.toContain(phone) // a phone number is in no address
  await axe(page)
})

test('one button finds the best assignment of a day, with reasons, and one act invites', async ({ page }) => {
  await signInStaff(page, 'hz-operator', '/station/match')
  for (const day of ['明天', '后天']) {
    await page.locator('.lg-segment').getByText(day, { exact: true }).click()
    await page.getByRole('button', { name: '一键匹配' }).click()
    await expect(page.getByText('没有比这更好的安排')).toBeVisible()
    if (await page.getByRole('button', { name: /发出 \d+ 份邀请/ }).isVisible()) break
  }
  await shot(page, 'station-4-match', true)
  await axe(page)
  const pairs = page.getByRole('checkbox')
  const all = await pairs.count()
  expect(all).toBeGreaterThan(0)
  await expect(pairs.first()).toContainText(/公里|米/) // a reason in plain words
  await page.getByRole('button', { name: '定下' }).first().click() // what she knows is settled, the rest solved around it
  await expect(page.getByText(/您已定下 1 对/)).toBeVisible()
  await expect(page.getByRole('button', { name: '已定下' })).toHaveCount(1)
  await page.getByRole('button', { name: '换人' }).first().click()
  await expect(page.getByText(/换掉 1 对/)).toBeVisible()
  await axe(page)
  await shot(page, 'station-4b-settled', true)
  await page.getByRole('button', { name: '都取消，重新配' }).click()
  await expect(page.getByText(/您已定下/)).toBeHidden()
  await page.getByRole('button', { name: '结伴' }).nth(0).click() // a couple who want to go together
  await page.getByRole('button', { name: '结伴' }).nth(1).click()
  await page.getByRole('button', { name: '一起去' }).click()
  await expect(page.getByText(/1 组人同去|没有能一起去的班次/)).toBeVisible()
  await page.getByText('空名额可让同一人做两个班').click()
  await expect(page.getByText(/怎么排也不会多于 \d+ 个/)).toBeVisible()
  await axe(page)
  await page.getByRole('button', { name: '都取消，重新配' }).click()
  await page.getByRole('button', { name: '再核对一遍' }).click()
  await expect(page.getByText('结果一字不差，证明有效')).toBeVisible() // for whoever asks if the rules were the same for all
  await pairs.first().click() // the operator takes one out: the machine proposes, she decides
  await expect(page.getByRole('button', { name: `发出 ${all - 1} 份邀请` })).toBeVisible()
  await pairs.first().click()
  await page.getByRole('button', { name: /发出 \d+ 份邀请/ }).click()
  await expect(page.getByText(/已发出 \d+ 份邀请/)).toBeVisible()
  await shot(page, 'station-5-sent')
})

test('what the rules held back is read, sent back with a reason, or published', async ({ page }) => {
  await signInStaff(page, 'hz-operator', '/station/postings')
  await page.locator('.lg-segment').getByText('待审核', { exact: true }).click()
  const held = page.locator('main a.row')
  await expect(held.first()).toBeVisible()
  await shot(page, 'station-6-postings')
  await axe(page)
  await held.first().click()
  await expect(page.getByText('请留意')).toBeVisible() // why it was held, and by which rule
  await shot(page, 'station-7-review')
  await axe(page)
  await page.getByRole('button', { name: '退回修改' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: '退回修改' }).click()
  await expect(dialog.getByText('请填写')).toBeVisible() // never without a reason
  await dialog.getByLabel('原因').fill('请去掉说明里的这句话再提交')
  await dialog.getByRole('button', { name: '退回修改' }).click()
  await expect(page.locator('main').getByText('请去掉说明里的这句话再提交')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('退回修改')
})

test('a new employer is looked at by a person, and only then verified', async ({ page }) => {
  await signInStaff(page, 'hz-operator', '/station/employers')
  const pending = page.locator('main li')
  await expect(pending.first()).toBeVisible()
  await shot(page, 'station-8-employers')
  await axe(page)
  const name = (await pending.first().locator('b').textContent()) ?? ''
  await pending.first().getByRole('button', { name: '核验通过' }).click()
  await page.getByRole('dialog').getByLabel('看过什么').fill('营业执照原件，与信用代码相符')
  await axe(page)
  await page.getByRole('dialog').getByRole('button', { name: '核验通过' }).click()
  await expect(page.locator('main li', { hasText: name })).toHaveCount(0)
})

test('whoever comes with a slip is checked in by its code, without a phone', async ({ page }) => {
  await signInStaff(page, 'hz-operator', '/station/day')
  await expect(page.getByRole('heading', { name: '到岗' })).toBeVisible()
  await shot(page, 'station-9-day')
  await axe(page)
  await page.getByLabel('小票上的六位号码').fill('000000')
  await page.getByLabel('手机尾号四位').fill('0000')
  await page.getByRole('button', { name: '查找' }).click()
  await expect(page.getByText(/没有|找不到|核对/).first()).toBeVisible() // a wrong code is told kindly
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } })
  test('the counter works on a phone too', async ({ page }) => {
    await signInStaff(page, 'hz-operator', '/station')
    for (const path of ['/station', '/station/match', '/station/day', '/station/register', '/station/postings', '/station/employers']) {
      await page.goto(path)
      await expect(page.locator('main')).toBeVisible()
      await noSideScroll(page)
    }
    await shot(page, 'station-10-phone')
  })
})

test('an auditor looks at the counter and changes nothing', async ({ page }) => {
  await signInStaff(page, 'auditor', '/desk')
  const answer = await page.request.post('/api/v1/workers', { headers: csrf, data: { name: '丁小满', phone: '13600000000', birth: '1972-04-06', consent: 'spoken', village: '330481002001' } })
  expect(answer.status()).toBe(403)
})
