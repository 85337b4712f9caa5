import { request as http, type APIRequestContext, type Locator, type Page } from '@playwright/test'
import { axe, expect, noSideScroll, shot, signInPhone, test } from './support'

/** Numbers nobody has yet: each run of each story enters its own company and its own workers. */
let last = 0
function fresh(): string {
  last = Math.max(last + 1, Date.now() % 10_000_000)
  return String(last).padStart(7, '0').slice(-7)
}
const SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY'
/** A unified social credit code with its right check sign (GB 32100). */
function creditCode(n: string): string {
  const body = `91330481MA${n}`
  let sum = 0
  let weight = 1
  for (const c of body) {
    sum += SIGNS.indexOf(c) * weight
    weight = (weight * 3) % 31
  }
  return body + SIGNS[(31 - (sum % 31)) % 31]
}

/** Somebody else at work meanwhile: an own session, beside the browser's. */
type Party = <T>(method: 'get' | 'post' | 'put', path: string, data?: object) => Promise<T>
function party(context: APIRequestContext): Party {
  return async <T>(method: 'get' | 'post' | 'put', path: string, data?: object) => {
    const headers = { 'X-Linggong': '1', ...(method === 'get' ? {} : { 'Idempotency-Key': crypto.randomUUID() }) }
    const answer = await context[method](`/api/v1${path}`, { headers, ...(data ? { data } : {}) })
    expect(answer.ok(), `${method} ${path}: ${answer.ok() ? '' : await answer.text()}`).toBe(true)
    return (answer.status() === 204 ? {} : await answer.json()) as T
  }
}
const newParty = async (baseURL: string): Promise<Party> => party(await http.newContext({ baseURL }))
async function operator(baseURL: string): Promise<Party> {
  const op = await newParty(baseURL)
  await op('post', '/session/staff', { username: 'hz-operator', password: 'linggong-demo' })
  return op
}
async function byPhone(who: Party, phone: string, purpose: 'employer' | 'worker'): Promise<void> {
  await who('post', '/session/code', { phone, purpose })
  const { items } = await who<{ items: object[] }>('get', `/demo/outbox?phone=${phone}`)
  const code = /(?<!\d)\d{6}(?!\d)/.exec(JSON.stringify(items[0]))?.[0]
  await who('post', '/session/phone', { phone, purpose, code })
}

interface Village { code: string; name: string }
/** A village of the operator's town, so that she may review what is posted there. */
async function village(op: Party): Promise<Village> {
  const { items } = await op<{ items: (Village & { parent: string })[] }>('get', '/regions?parent=330481002000')
  const found = items.find((r) => r.parent === '330481002000')
  if (!found) throw new Error('no village in the town')
  return found
}
interface Company { id: string; phone: string; name: string; version: number; village: Village }
/** A company whose licence the operator has seen. Signs the given session in as it. */
async function company(mine: Party, op: Party): Promise<Company> {
  const n = fresh()
  const phone = `1371${n}`
  const place = await village(op)
  await byPhone(mine, phone, 'employer')
  const form = { kind: 'organisation', name: `海宁夜班包装厂${n}`, credit_code: creditCode(n), contact_name: '陈小明', village: place.code, address: '工业路 8 号东门' }
  const made = await mine<Company>('put', '/employers/me', form)
  await op('post', `/employers/${made.id}/verify`, { ok: true, reason: '看过营业执照' })
  return { ...made, phone, village: place }
}
/** Somebody who packs, lives there and can come. */
async function worker(baseURL: string, place: Village, name: string): Promise<{ act: Party; id: string }> {
  const act = await newParty(baseURL)
  await byPhone(act, `1391${fresh()}`, 'worker')
  const form = { name, birth: '1985-05-01', consent: 'self', village: place.code, trades: [{ id: 'packer', level: 3 }], radius_m: 8000, available_today: true }
  return { act, id: (await act<{ id: string }>('put', '/workers/me', form)).id }
}
interface Shift { id: string; date: string; starts_at: string }
/** Packing for four hours, from the first half hour that is more than an hour away. */
async function posted(mine: Party, of: Company): Promise<{ id: string; shift: Shift }> {
  const half = 1_800_000
  const starts = Math.ceil((Date.now() + 65 * 60_000) / half) * half
  const draft = {
    title: '晚班打包', trade: 'packer', description: '成品装箱、封箱、贴单，站着干，有人带。', village: of.village.code, address: '工业路 8 号东门',
    pay: { amount_fen: 2800, unit: 'hour', settlement: 'daily', settlement_days: 1, payer: 'employer' },
    shifts: [{ starts_at: new Date(starts).toISOString(), ends_at: new Date(starts + 8 * half).toISOString(), break_minutes: 0, headcount: 3 }],
    insurance: 'accident', no_experience: true, min_age: 18, flags: [],
  }
  const { id } = await mine<{ id: string }>('post', '/postings', draft)
  const open = await mine<{ status: string; shifts: Shift[] }>('post', `/postings/${id}/publish`)
  expect(open.status).toBe('published')
  return { id, shift: open.shifts[0] }
}

/** The row of one person, by the masked name. */
const row = (page: Page, name: string): Locator => page.getByRole('article', { name })
async function seen(page: Page, name: string): Promise<void> {
  await shot(page, name, true)
  await axe(page)
  await noSideScroll(page)
}

test.describe('at night, on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('somebody new enters her company, is told of a slip in the credit code, and keeps a first draft until it is verified', async ({ page }) => {
    const n = fresh()
    const code = creditCode(n)
    await signInPhone(page, '/employer/sign-in', `1371${n}`)
    await expect(page.getByRole('heading', { name: '先认识一下您的单位' })).toBeVisible()
    await page.getByRole('button', { name: '填好了，开始用工' }).click()
    await expect(page.getByText('请填写统一社会信用代码')).toBeVisible()
    await page.getByLabel('单位名称').fill(`海宁夜班包装厂${n}`)
    await page.getByLabel('统一社会信用代码').fill(code.slice(0, 17) + SIGNS[(SIGNS.indexOf(code[17]) + 1) % 31])
    await expect(page.getByText('号码对不上校验位')).toBeVisible()
    await seen(page, 'employer-1-profile')
    await page.getByLabel('统一社会信用代码').fill(code)
    await expect(page.getByText('号码校验正确')).toBeVisible()
    await page.getByLabel('联系人').fill('陈小明')
    await page.getByLabel('镇（街道）').selectOption({ label: '海洲街道' })
    await page.getByLabel('村（社区）').selectOption({ index: 1 })
    await page.getByRole('button', { name: '填好了，开始用工' }).click()
    await expect(page.getByText('单位资料正在核验')).toBeVisible()
    await seen(page, 'employer-2-new')
    await page.getByRole('link', { name: '发布用工' }).click()
    await page.getByRole('button', { name: /选择工种/ }).click()
    await page.getByRole('searchbox').fill('打包')
    await page.getByRole('button', { name: '打包工' }).click()
    await page.getByLabel('金额（元）').fill('26')
    await page.getByLabel('工作内容').fill('成品装箱、封箱、贴单，站着干，有人带。')
    await page.reload() // a dead battery loses nothing
    await expect(page.getByLabel('金额（元）')).toHaveValue('26')
    await seen(page, 'employer-3-form')
    await page.getByRole('button', { name: '存草稿' }).click()
    await expect(page.getByText('这是草稿。')).toBeVisible()
    await page.getByRole('button', { name: '发布', exact: true }).click()
    await expect(page.getByText('用工主体尚未核验，暂不能发布')).toBeVisible()
    await expect(page.getByText('请先完成用工主体核验')).toBeVisible()
    await seen(page, 'employer-4-unverified')
  })
})

test('a wage below the minimum is refused with its rule, mended, reviewed by the station and then shown', async ({ page, baseURL }) => {
  const op = await operator(baseURL ?? '')
  const mine = await company(party(page.request), op)
  await page.goto('/employer/postings/new')
  await expect(page.getByLabel('村（社区）')).toHaveValue(mine.village.code)
  await page.getByRole('button', { name: /选择工种/ }).click()
  await axe(page)
  await page.getByRole('button', { name: '打包工' }).click()
  const shift = page.getByRole('group', { name: '第 1 班' })
  await shift.getByLabel('开工').selectOption('18:00')
  await shift.getByLabel('收工').selectOption('22:00')
  await shift.getByRole('button', { name: '多一人' }).click()
  await expect(page.getByText('1 班，共 3 人次')).toBeVisible()
  await page.getByLabel('金额（元）').fill('18')
  await expect(page.getByText('折合每小时18元，低于最低工资23元')).toBeVisible()
  await expect(page.getByText('提高到每小时23元以上')).toBeVisible()
  await expect(page.getByText(/浙政发.*R-PT-05/)).toBeVisible()
  await page.getByRole('button', { name: '发布', exact: true }).click()
  await expect(page.getByText(/还有 \d 处要改/)).toBeVisible()
  await seen(page, 'employer-5-below-minimum')
  await page.getByLabel('金额（元）').fill('0.8')
  await page.getByText('每件', { exact: true }).click()
  await page.getByLabel('工作内容').fill('成品装箱、封箱、贴单，站着干，有人带。')
  await expect(page.getByText('计件要说明熟练工每小时约做几件')).toBeVisible() // a person will look at it
  await page.getByRole('button', { name: '发布', exact: true }).click()
  await expect(page.getByText('已交审核。')).toBeVisible()
  await shot(page, 'employer-6-in-review', true)
  await op('post', `/postings/${new URL(page.url()).pathname.split('/').pop()}/review`, { decision: 'publish' })
  await expect(page.getByText('招人中').first()).toBeVisible({ timeout: 20_000 }) // without a reload
  await page.getByRole('link', { name: '今天' }).click()
  await expect(page.getByRole('link', { name: /打包工.*招人中/ })).toBeVisible()
  await shot(page, 'employer-7-home')
})

test('she takes one applicant, refuses another with a reason, and invites two who answer yes and no', async ({ page, baseURL }) => {
  const op = await operator(baseURL ?? '')
  const mine = party(page.request)
  const shop = await company(mine, op)
  const gig = await posted(mine, shop)
  const people = ['欧阳一', '司徒二', '上官三', '诸葛四'].map((name) => worker(baseURL ?? '', shop.village, name))
  const [taken, refused, yes, no] = await Promise.all(people)
  for (const w of [taken, refused]) await w.act('post', `/shifts/${gig.shift.id}/apply`, {})
  await page.goto('/employer')
  await expect(page.getByText('2 人报名，等您答复')).toBeVisible()
  await shot(page, 'employer-8-applied')
  await axe(page)
  await page.getByRole('link', { name: /晚班打包.*2 人待答复/ }).click()
  await row(page, '欧').getByRole('button', { name: '录用', exact: true }).click()
  await expect(row(page, '欧')).toContainText('已确认')
  await row(page, '司').getByRole('button', { name: '不录用' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '时间对不上' }).click()
  await shot(page, 'employer-9-refuse')
  await axe(page)
  await page.getByRole('dialog').getByRole('button', { name: '不录用' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()

  const list = await mine<{ items: { worker: { id: string }; status?: string; fit: { eligible: boolean } }[] }>('get', `/postings/${gig.id}/candidates?shift_id=${gig.shift.id}`)
  const ids = list.items.filter((c) => c.fit.eligible && !c.status).map((c) => c.worker.id)
  await page.getByRole('button', { name: '邀请合适的人' }).click()
  const boxes = page.getByRole('dialog').getByRole('checkbox')
  await expect(boxes.first()).toBeVisible()
  for (const w of [yes, no]) {
    const at = ids.indexOf(w.id)
    while ((await boxes.count()) <= at) await page.getByRole('button', { name: /再看 \d+ 人/ }).click()
    await boxes.nth(at).click()
  }
  await shot(page, 'employer-10-invite')
  await axe(page)
  await page.getByRole('button', { name: '邀请 2 人' }).click()
  await expect(row(page, '诸')).toContainText('已邀请')
  for (const [w, answer] of [[yes, 'confirm'], [no, 'decline']] as const) {
    const own = await w.act<{ items: { id: string }[] }>('get', '/engagements')
    await w.act('post', `/engagements/${own.items[0].id}/${answer}`, answer === 'decline' ? { reason: '那天有事' } : {})
  }
  await expect(row(page, '上')).toContainText('已确认', { timeout: 20_000 })
  await expect(row(page, '诸')).toBeHidden()
  await seen(page, 'employer-11-posting')
})

test('the day: who came is checked in, and nobody is checked out before the work began', async ({ page, baseURL }) => {
  const op = await operator(baseURL ?? '')
  const mine = party(page.request)
  const shop = await company(mine, op)
  const gig = await posted(mine, shop)
  const w = await worker(baseURL ?? '', shop.village, '欧阳一')
  const asked = await mine<{ items: { engagement_id: string }[] }>('post', `/shifts/${gig.shift.id}/invite`, { worker_ids: [w.id] })
  await w.act('post', `/engagements/${asked.items[0].engagement_id}/confirm`, {})
  await page.goto(`/employer/day?date=${gig.shift.date}`)
  await expect(page.getByText('签到码', { exact: true })).toBeVisible()
  await row(page, '欧').getByRole('button', { name: '签到' }).click()
  await expect(row(page, '欧')).toContainText('已签到')
  await seen(page, 'employer-12-day')
  await expect(row(page, '欧').getByRole('button', { name: '签退' })).toBeHidden() // the work has not begun
  await page.getByRole('link', { name: '单位', exact: true }).click()
  await expect(page.getByText('已核验').first()).toBeVisible()
  await shot(page, 'employer-16-profile', true)
})

test('the wage of work that is done is recorded, never less without the reason the law knows, and rated', async ({ page }) => {
  await signInPhone(page, '/employer/sign-in', '13800000001')
  await page.waitForURL((url) => !url.pathname.includes('sign-in'))
  await page.goto('/employer/settlements')
  const rows = page.locator('main').getByRole('button', { name: '登记付款' })
  await expect(rows.first()).toBeVisible()
  const due = await rows.count()
  await seen(page, 'employer-13-wages')
  await rows.first().click()
  const pay = page.getByRole('dialog')
  const whole = await pay.getByLabel('实付金额（元）').inputValue()
  expect(Number(whole)).toBeGreaterThan(0)
  await pay.getByLabel('实付金额（元）').fill(String(Number(whole) - 1))
  await expect(pay.getByLabel('少付的法定理由')).toBeVisible()
  await pay.getByLabel('实付金额（元）').fill(whole)
  await pay.getByText('微信').click()
  await shot(page, 'employer-14-pay')
  await axe(page)
  await pay.getByRole('button', { name: '登记付款' }).click()
  await expect(rows).toHaveCount(due - 1)
  await page.getByText('已付', { exact: true }).click()
  const rate = page.locator('main').getByRole('button', { name: '评价' })
  await expect(rate.first()).toBeVisible()
  await rate.first().click()
  await page.getByRole('dialog').getByRole('radio', { name: /5/ }).click()
  await shot(page, 'employer-15-rate')
  await page.getByRole('dialog').getByRole('button', { name: '评价' }).click()
  await expect(page.getByText('评价已保存')).toBeVisible()
})
