import { axe, expect, noSideScroll, shot, signInStaff, test } from './support'

const HEADERS = { 'X-Linggong': '1' }

/** A name of its own for each run: the city keeps what earlier runs made. */
const fresh = (): string => Date.now().toString(36)

test('the administrator makes an account, and its owner signs in with the password that is shown once', async ({ page, browser }) => {
  const username = `e2e-${fresh()}`
  await signInStaff(page, 'admin', '/admin/accounts')
  await page.getByRole('button', { name: '新建账号' }).click()
  const form = page.getByRole('dialog')
  await form.getByRole('button', { name: '新建账号' }).click()
  await expect(form.getByText('请填写').first()).toBeVisible() // nothing is sent half told
  await form.getByLabel('用户名').fill(username)
  await form.getByLabel('姓名').fill('浏览器测试员')
  await form.getByLabel('角色').selectOption({ label: '帮扶专员' })
  await form.getByLabel('先选镇（街道）').selectOption({ label: '许村镇' })
  await form.getByRole('button', { name: '许村社区居委会' }).click()
  await axe(page)
  await shot(page, 'admin-1-account-form')
  await form.getByRole('button', { name: '新建账号' }).click()
  const secret = page.locator('.secret')
  await expect(secret).toHaveText(/^\w{4}(-\w{4}){3}$/)
  const password = (await secret.textContent()) ?? ''
  await shot(page, 'admin-2-account-password')
  await page.getByRole('button', { name: '我已记好' }).click()
  await page.getByLabel('找姓名或用户名').fill(username)
  const row = page.locator('.account', { hasText: username })
  await expect(row).toContainText('许村社区居委会')
  await axe(page)

  const theirs = await browser.newContext({ baseURL: new URL(page.url()).origin, locale: 'zh-CN' })
  const hers = await theirs.newPage()
  await hers.goto('/sign-in?next=/desk')
  await hers.getByLabel('用户名').fill(username)
  await hers.getByLabel('密码').fill(password)
  await hers.getByRole('button', { name: '登录', exact: true }).click()
  await expect(hers).toHaveURL(/\/desk/)

  await row.getByRole('button', { name: '停用' }).click()
  const ask = page.getByRole('dialog')
  await expect(ask).toContainText('马上在所有设备上退出')
  await shot(page, 'admin-3-account-lock')
  await ask.getByRole('button', { name: '停用' }).click()
  await expect(page.getByText('已停用“浏览器测试员”')).toBeVisible()
  await expect(row).toContainText('已停用')
  expect((await hers.request.get('/api/v1/desk/today')).status()).toBe(401) // she is out at once
  await theirs.close()
})

test('the bureau confirms a parameter with its source, and it leaves the list', async ({ page }) => {
  const waiting = async (): Promise<Record<string, unknown>[]> =>
    ((await (await page.request.get('/api/v1/admin/parameters?confirmed=false')).json()) as { items: Record<string, unknown>[] }).items
  await signInStaff(page, 'bureau', '/admin/parameters')
  const rows = page.locator('.parameter')
  await expect(rows.first()).toBeVisible()
  await axe(page)
  await shot(page, 'admin-4-parameters')
  const before = await waiting()
  expect(await rows.count()).toBe(before.length)
  await rows.first().getByRole('button', { name: '确认' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('来源').fill('市局工作例会纪要（测试）')
  await form.getByLabel('为什么').fill('与科室核对过')
  await axe(page)
  await shot(page, 'admin-5-parameter-confirm')
  await form.getByRole('button', { name: '确认' }).click()
  await expect(rows).toHaveCount(before.length - 1)

  // put back, so that the next run and the next reader find what the plan left open
  const left = (await waiting()).map((p) => `${p.key} ${p.region} ${p.valid_from}`)
  const it = before.find((p) => !left.includes(`${p.key} ${p.region} ${p.valid_from}`))!
  const { key, region, value, valid_from, source, note } = it
  const back = { key, region, value, valid_from, source, note, confirmed: false, reason: '测试后还原' }
  const put = await page.request.post('/api/v1/admin/parameters', { headers: { ...HEADERS, 'Idempotency-Key': crypto.randomUUID() }, data: back })
  expect(put.ok()).toBe(true)

  await page.goto('/admin/parameters?show=all')
  await page.getByLabel('找参数或来源').fill('小时最低工资')
  await page.getByRole('button', { name: '看历次' }).click()
  await expect(page.getByRole('dialog').locator('.parameter')).not.toHaveCount(0)
  await expect(page.getByRole('dialog')).toContainText('23 元')
  await shot(page, 'admin-6-parameter-history')
})

test("the administrator finds 许村's villages in the tree", async ({ page }) => {
  await signInStaff(page, 'admin', '/admin/regions')
  await expect(page.locator('.town')).toHaveCount(12)
  await page.locator('.town', { hasText: '许村镇' }).click()
  await expect(page.getByText('许村社区居委会')).toBeVisible()
  await expect(page.locator('.villages li')).toHaveCount(30)
  await axe(page)
  await shot(page, 'admin-7-regions')
  await page.getByLabel('找名称或代码').fill('许桥')
  await expect(page.locator('.villages li')).toHaveCount(1)
  await page.getByLabel('找名称或代码').fill('没有这个村')
  await expect(page.getByText('没有找到“没有这个村”')).toBeVisible()
})

test('the administrator adds a device, sees the jobs, and finds in the audit what was just done', async ({ page }) => {
  const name = `测试机 ${fresh()}`
  await signInStaff(page, 'admin', '/admin/kiosks')
  await page.getByRole('button', { name: '添加终端' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('驿站').selectOption({ index: 1 })
  await form.getByLabel('名称').fill(name)
  await form.getByRole('button', { name: '取得配对码' }).click()
  await expect(page.locator('.secret')).not.toBeEmpty()
  await shot(page, 'admin-8-kiosk-code')
  await page.getByRole('button', { name: '我已记好' }).click()
  const row = page.locator('.kiosk', { hasText: name })
  await expect(row).toContainText('等待配对')
  await axe(page)
  await row.getByRole('button', { name: '停用' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '停用' }).click()
  await expect(row).toHaveCount(0)

  await page.goto('/admin/audit')
  await expect(page.locator('.list .line', { hasText: '停用设备' }).first()).toContainText('系统管理员')
  await page.getByLabel('做了什么').selectOption({ label: '停用设备' })
  await expect(page.locator('.list .line').filter({ hasNotText: '停用设备' })).toHaveCount(0)
  await axe(page)
  await page.locator('.list .line').first().getByRole('button', { name: '同一记录' }).click()
  await expect(page.getByText('只看同一条记录：终端')).toBeVisible()
  await shot(page, 'admin-9-audit')

  await page.goto('/admin/jobs')
  await expect(page.locator('.job, .lg-empty').first()).toBeVisible()
  // a healthy city has no dead job; this one is how it would look
  const dead = { id: crypto.randomUUID(), kind: 'projection.index_posting', state: 'dead', attempt: 12, max_attempts: 12, run_at: '2026-11-20T01:00:00Z', created_at: '2026-11-19T01:00:00Z', finished_at: '2026-11-20T01:00:00Z', last_error: 'dial tcp 10.0.0.9:9200: connection refused' }
  let again = false
  await page.route('**/api/v1/admin/jobs**', (r) => {
    if (r.request().method() === 'POST') again = true
    return r.request().method() === 'POST'
      ? r.fulfill({ status: 204 })
      : r.fulfill({ json: { items: again ? [] : [dead], next: '', counts: again ? {} : { dead: 1 } } })
  })
  await page.reload()
  await expect(page.locator('.job')).toContainText('连不上另一个服务')
  await axe(page)
  await shot(page, 'admin-10-jobs')
  await page.getByRole('button', { name: '再试' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '再试' }).click()
  await expect(page.locator('.job')).toHaveCount(0)
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } })
  test('the administrator sees on the way that all is well, in either language', async ({ page }) => {
    await signInStaff(page, 'admin', '/admin')
    await expect(page.locator('.tile')).toHaveCount(6)
    await expect(page.locator('.recent li').first()).toBeVisible()
    await axe(page)
    await shot(page, 'admin-11-phone', true)
    for (const path of ['', '/accounts', '/regions', '/parameters', '/jobs', '/kiosks', '/audit', '/outbox']) {
      await page.goto(`/admin${path}`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(page.locator('.lg-async[aria-busy="true"]')).toHaveCount(0)
      await noSideScroll(page)
    }
    await expect(page.getByRole('main')).not.toContainText(/\d{6}/) // numbers and codes are covered
    await axe(page)
    await page.getByRole('button', { name: 'English' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Messages')
  })
})
