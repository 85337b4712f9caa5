import type { Page } from '@playwright/test'
import { axe, expect, noSideScroll, shot, test } from './support'

const HEADERS = { 'X-Linggong': '1' }
const VILLAGE = '330481101003' // one of the caseworker's own
const sessions = new Map<string, Awaited<ReturnType<ReturnType<Page['context']>['cookies']>>>()

/** Becomes a member of staff; each signs in once for the whole run, as sign-ins are limited. */
async function as(page: Page, user: string): Promise<void> {
  await page.context().clearCookies()
  const known = sessions.get(user)
  if (known) return page.context().addCookies(known)
  const answer = await page.request.post('/api/v1/session/staff', { headers: HEADERS, data: { username: user, password: 'linggong-demo' } })
  expect(answer.ok(), `${user} signs in`).toBe(true)
  sessions.set(user, await page.context().cookies())
}

/** A valid ID number of a woman born on a day; the sequence is drawn, so each run has new people. */
function idNumber(birth: string): string {
  const first = `330481${birth.replaceAll('-', '')}${String(Math.floor(Math.random() * 100)).padStart(2, '0')}${2 * Math.floor(Math.random() * 5)}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((s, w, i) => s + w * Number(first[i]), 0)
  return first + '10X98765432'[sum % 11]
}

async function daysAgo(page: Page, days: number): Promise<string> {
  const { today } = (await (await page.request.get('/api/v1/meta')).json()) as { today: string }
  return new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10)
}

/** A new person of the caseworker's village, with her ID number. */
async function newPerson(page: Page, year: number): Promise<string> {
  const pad = (n: number): string => String(n).padStart(2, '0')
  const number = idNumber(`${year}-${pad(1 + Math.floor(Math.random() * 12))}-${pad(1 + Math.floor(Math.random() * 28))}`)
  const answer = await page.request.post('/api/v1/persons', {
    headers: { ...HEADERS, 'Idempotency-Key': crypto.randomUUID() },
    data: { name: '周小兰', village: VILLAGE, id_number: number },
  })
  expect(answer.ok()).toBe(true)
  return number
}

/** Chooses the person and 大龄失业人员, and tells since when she is registered. */
async function apply(page: Page, number: string, registered: string): Promise<void> {
  await page.goto('/desk/recognitions')
  await page.getByRole('link', { name: '申请认定' }).click()
  await page.getByRole('searchbox').fill(number)
  await page.getByRole('searchbox').press('Enter')
  await page.locator('.picker li button').filter({ hasText: '周*' }).first().click()
  await expect(page.getByRole('heading', { name: '按哪一类申请' })).toBeVisible()
  await page.getByRole('button', { name: /大龄失业人员/ }).click()
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByLabel('失业登记日期').fill(registered)
}

/** Presses an act on the page and, in its dialog, once more. */
async function act(page: Page, name: string, fill?: { label: string; text: string }): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
  const dialog = page.getByRole('dialog', { name })
  if (fill) await dialog.getByRole('textbox', { name: fill.label }).fill(fill.text)
  await dialog.getByRole('button', { name, exact: true }).click()
}

/** No side scroll on a phone either, and nothing a reader with aids would miss. */
async function looks(page: Page, name: string): Promise<void> {
  await shot(page, `desk-help-${name}`, true)
  await axe(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await noSideScroll(page)
  await page.screenshot({ path: `e2e/output/desk-help-${name}-phone.png`, fullPage: true })
  await page.setViewportSize({ width: 1440, height: 900 })
}

test('a recognition goes from application through check, publicity and confirmation by different people', async ({ page }) => {
  await as(page, 'xc-caseworker')
  await apply(page, await newPerson(page, 1974), await daysAgo(page, 240))
  const long = page.locator('.findings li').filter({ hasText: '连续登记失业满 6 个月' })
  await expect(long).toContainText('符合')
  await expect(long).not.toContainText('不符合')
  await looks(page, 'apply')
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.waitForURL(/\/desk\/recognitions\/[0-9a-f-]{36}$/)
  const address = new URL(page.url()).pathname

  await act(page, '核对')
  await expect(page.getByText('等镇（街道）初审')).toBeVisible()
  await expect(page.getByRole('button', { name: '初审', exact: true })).toHaveCount(0)

  await as(page, 'xc-town')
  await page.goto('/desk/recognitions')
  await expect(page.locator('.row').first()).toBeVisible()
  await looks(page, 'queue')
  await page.goto(address)
  await act(page, '初审', { label: '意见', text: '上门核实，情况属实，同意公示。' })
  await expect(page.getByText('初审已同意，等发布公示')).toBeVisible()

  await as(page, 'xc-town2')
  await page.goto(address)
  await act(page, '发布公示')
  await expect(page.getByText('正在公示，公示期满前不能作出决定')).toBeVisible()

  // the decision waits for the notice: the bureau sees until when, and has nothing to press
  await as(page, 'bureau')
  await page.goto(address)
  await expect(page.getByText('正在公示，公示期满前不能作出决定')).toBeVisible()
  await expect(page.getByText(/还剩 \d+ 天；只有工作日才计入公示天数/)).toBeVisible()
  await expect(page.getByRole('button', { name: '作出决定' })).toHaveCount(0)
  await expect(page.getByText('上门核实，情况属实，同意公示。')).toBeVisible()
  await looks(page, 'recognition')
})

test('an applicant who does not meet the condition is told the rule, its source and what would be allowed', async ({ page }) => {
  await as(page, 'xc-caseworker')
  await apply(page, await newPerson(page, 1996), await daysAgo(page, 40))
  const age = page.locator('.findings li').filter({ hasText: '女性年满' })
  await expect(age).toContainText('不符合')
  await expect(age).toContainText('可以这样办')
  await expect(age).toContainText('现在可以看看其他类别')
  await expect(age).toContainText('浙人社发〔2025〕59号')
  await expect(age).toContainText('R-HARD-01')
  const long = page.locator('.findings li').filter({ hasText: '连续登记失业满' })
  await expect(long).toContainText(/最早 \d{4} 年 \d+ 月起符合/)
  await expect(page.getByText(/有 2 项不符合/)).toBeVisible()
  await looks(page, 'unmet')

  // she insists: it is taken, and the check refuses with the same rule
  await page.getByRole('button', { name: '仍要提交' }).click()
  await page.waitForURL(/\/desk\/recognitions\/[0-9a-f-]{36}$/)
  await page.getByRole('button', { name: '核对', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: '核对' })
  await expect(dialog.getByRole('textbox', { name: '原因' })).toHaveValue(/连续登记失业满 6 个月/)
  await dialog.getByText('数据一致，转镇（街道）初审').click()
  await dialog.getByRole('button', { name: '核对', exact: true }).click()
  await expect(dialog.getByRole('alert')).toContainText('认定条件未满足')
  await expect(dialog.getByRole('alert')).toContainText('浙人社发〔2025〕59号')
  await shot(page, 'desk-help-refused')
  await dialog.getByRole('button', { name: '取消' }).click()
  await act(page, '撤回申请', { label: '原因', text: '本人先登记求职。' })
  await expect(page.getByText('已结束：本人撤回')).toBeVisible()
})

test("a welfare post's candidates are ranked with reasons and a placement is proposed with its term explained", async ({ page }) => {
  await as(page, 'xc-town')
  await page.goto('/desk/welfare')
  await expect(page.locator('.row').first()).toBeVisible()
  await looks(page, 'welfare')
  const { items } = (await (await page.request.get('/api/v1/welfare/posts?status=open&limit=100')).json()) as {
    items: { id: string; taken: number; places: number }[]
  }
  const post = items.find((p) => p.taken < p.places)
  expect(post, 'an open post with a place').toBeTruthy()

  await page.goto(`/desk/welfare/posts/${post!.id}`)
  const first = page.locator('ol li').filter({ has: page.getByRole('button', { name: /^拟安置/ }) }).first()
  await expect(first).toContainText(/第 \d 顺位/)
  await expect(first).toContainText('认定')
  await page.getByRole('button', { name: /现在不能安置的/ }).click()
  await expect(page.getByText('现有安置退出后可以再办').first()).toBeVisible()
  await looks(page, 'post')

  await first.getByRole('button', { name: /^拟安置/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: '拟安置', exact: true }).click()
  await page.waitForURL(/\/desk\/welfare\/placements\//)
  await expect(page.getByRole('heading', { name: '期限怎么算的' })).toBeVisible()
  await expect(page.getByText(/初次核定（.*）时距法定退休 \d+ 个月/)).toBeVisible()
  await expect(page.getByText(/依据：人社部发〔2019〕124号/)).toBeVisible()
  await expect(page.getByText('这一步要由另一位工作人员办理')).toBeVisible()
  await looks(page, 'placement')

  // another officer looks at it; here she declines, and the place is free for the next
  const address = new URL(page.url()).pathname
  await as(page, 'xc-town2')
  await page.goto(address)
  await expect(page.getByRole('button', { name: '核对资格' })).toBeVisible()
  await act(page, '不予安置', { label: '原因', text: '本人不愿到岗。' })
  await expect(page.getByText('未予安置', { exact: true })).toBeVisible()
  await page.goto('/desk/welfare?tab=placements')
  await expect(page.locator('.row').first()).toBeVisible()
  await looks(page, 'placements')
})

test('a new welfare post is applied for, checked and recognised by different people, and announced', async ({ page }) => {
  await as(page, 'xc-town')
  await page.goto('/desk/welfare')
  await page.getByRole('button', { name: '申报岗位' }).click()
  const form = page.getByRole('dialog', { name: '申报岗位' })
  const say = (label: string, text: string): Promise<void> => form.getByLabel(label).fill(text)
  await say('岗位编号', `T-${Date.now()}`)
  await say('岗位名称', '村道保洁员')
  await say('用人单位', '许巷社区居委会')
  await form.getByLabel('岗位所在村（社区）').selectOption(VILLAGE)
  await say('工作内容', '村道清扫、垃圾分类引导')
  await say('工资（元）', '1800')
  await form.getByRole('button', { name: '申报岗位' }).click()
  // the minimum wage is held here too, and the refusal says what would be allowed
  await expect(form.getByRole('alert').filter({ hasText: '最低工资' }).first()).toBeVisible()
  await say('工资（元）', '2500')
  await form.getByRole('button', { name: '申报岗位' }).click()
  await page.waitForURL(/\/desk\/welfare\/posts\//)
  await expect(page.getByText('这一步要由另一位工作人员办理')).toBeVisible()
  const address = new URL(page.url()).pathname

  await as(page, 'xc-town2')
  await page.goto(address)
  await act(page, '核对')
  await expect(page.getByText('已核对，等市局认定')).toBeVisible()

  await as(page, 'bureau')
  await page.goto(address)
  await act(page, '认定')
  await act(page, '发布公告')
  await expect(page.getByText('正在公告，公告期满前不能开放')).toBeVisible()
  await expect(page.getByRole('button', { name: '开放安置' })).toHaveCount(0)
  await act(page, '关闭岗位', { label: '原因', text: '演示用，不再开放。' })
  await expect(page.getByText('岗位已关闭').first()).toBeVisible()
})
