import { axe, expect, shot, test } from './support'

for (const theme of ['light', 'dark', 'contrast']) {
  test(`every component stands in every state, ${theme}`, async ({ page }) => {
    await page.goto(`/gallery?theme=${theme}`)
    await expect(page.locator('.lg-chart svg')).toBeVisible({ timeout: 20_000 })
    await page.waitForTimeout(800) // the chart's own motion
    await shot(page, `gallery-${theme}`, true)
    await axe(page)
  })
}

test('the chooser names every entrance', async ({ page }) => {
  await page.goto('/')
  for (const name of ['自助机', '大屏', '求职者', '用工主体', '驿站工作台', '帮扶工作台', '指标看板', '系统管理']) {
    await expect(page.getByRole('link', { name: new RegExp(name) })).toBeVisible()
  }
  await shot(page, 'chooser')
  await axe(page)
})

test('staff sign in, and are told in plain words when they cannot', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByLabel('用户名').fill('nobody')
  await page.getByLabel('密码').fill('wrong-password')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await axe(page)
  await shot(page, 'sign-in')
})

test('a server that is away for a moment does not look like being signed out', async ({ page }) => {
  await page.goto('/sign-in?next=/station')
  await page.getByLabel('用户名').fill('hz-operator')
  await page.getByLabel('密码').fill('linggong-demo')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.waitForURL('**/station')
  await page.route('**/api/v1/session', (r) =>
    r.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ status: 503, code: 'database_unavailable', detail: '系统暂时连不上' }) }),
  )
  await page.goto('/station/day')
  await expect(page.getByText('您没有退出登录')).toBeVisible()
  await axe(page)
  await shot(page, 'waiting')
  await page.unroute('**/api/v1/session')
  await page.waitForURL('**/station/day', { timeout: 15_000 })
})
