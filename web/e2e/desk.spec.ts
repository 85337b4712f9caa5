import { axe, expect, noSideScroll, shot, signInStaff, test } from './support'

test.describe('in a farmyard, on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('a caseworker sees whom she owes something today and records a visit', async ({ page }) => {
    await signInStaff(page, 'xc-caseworker', '/desk')
    await expect(page.getByRole('heading', { name: '今天该办的事' })).toBeVisible()
    await expect(page.locator('main')).toContainText('截止')
    await shot(page, 'desk-1-today')
    await axe(page)
    await noSideScroll(page)
    await page.getByRole('link', { name: '记走访' }).click()
    await page.locator('.picker li button').first().click()
    await shot(page, 'desk-2-visit')
    await axe(page)
    await noSideScroll(page)
    await page.getByLabel('谈了什么').fill('家里老人要照顾，想在村里做半天的活')
    await page.getByRole('button', { name: '保存走访' }).click()
    await expect(page.getByText('走访已记录')).toBeVisible()
  })

  test('a visit written without signal is kept and sent once when the signal is back', async ({ page, context }) => {
    await signInStaff(page, 'xc-caseworker', '/desk/visit')
    await page.locator('.picker li button').first().click()
    const words = `没有信号时写的 ${Date.now()}`
    await page.getByLabel('谈了什么').fill(words)
    await context.setOffline(true)
    await page.getByRole('button', { name: '保存走访' }).click()
    await expect(page.getByText('没有信号，已存在这台设备上').first()).toBeVisible()
    await shot(page, 'desk-3-offline')
    await context.setOffline(false)
    const kept = page.getByRole('button', { name: '现在送出' })
    if (await kept.isVisible()) await kept.click({ timeout: 2000 }).catch(() => undefined) // or it went by itself meanwhile
    await expect(kept).toBeHidden()
    const sent = async (): Promise<number> => {
      const list = (await (await page.request.get('/api/v1/visits?limit=50')).json()) as { items: { summary: string }[] }
      return list.items.filter((v) => v.summary === words).length
    }
    await expect.poll(sent).toBe(1)
    await page.goto('/desk') // looking again sends nothing again
    await expect(page.getByRole('heading', { name: '今天该办的事' })).toBeVisible()
    expect(await sent()).toBe(1)
  })
})

test('a caseworker registers a person and sees only her villages', async ({ page }) => {
  await signInStaff(page, 'xc-caseworker', '/desk/people')
  await expect(page.locator('main li').first()).toBeVisible()
  await shot(page, 'desk-4-people')
  await axe(page)
  const villages = await page.getByLabel('村（社区）').locator('option').allTextContents()
  expect(villages).toHaveLength(4) // her three, and "all"
  await page.getByRole('link', { name: '登记人员' }).click()
  await page.getByLabel('姓名').fill('测试甲')
  await page.getByLabel('身份证号').fill('330481197001010010')
  await page.getByLabel('村（社区）').selectOption({ index: 1 })
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await expect(page.getByText('身份证号').first()).toBeVisible()
  await expect(page.getByRole('alert').first()).toBeVisible() // the check digit is wrong: said, nothing lost
  await expect(page.getByLabel('姓名')).toHaveValue('测试甲')
  await page.getByLabel('身份证号').fill('')
  await page.getByLabel('出生年份').fill('1971')
  await page.getByLabel('手机号').fill(`1377${String(Date.now()).slice(-7)}`)
  await shot(page, 'desk-5-register')
  await axe(page)
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await expect(page.getByText('基本资料').or(page.getByText('可能有同一个人'))).toBeVisible()
  await axe(page)
  const others = await page.request.get('/api/v1/persons?limit=100')
  const list = (await others.json()) as { items: { village: string }[] }
  expect(list.items.every((p) => p.village.startsWith('330481101'))).toBe(true)
})

test('she moves a help case on: the plan and the next step', async ({ page }) => {
  await signInStaff(page, 'xc-caseworker', '/desk/cases')
  await page.locator('main li a').last().click()
  await expect(page.getByRole('heading', { name: '四清' })).toBeVisible()
  await shot(page, 'desk-6-case', true)
  await axe(page)
  await page.getByRole('button', { name: '制定计划' }).click()
  await page.getByLabel('目标').fill('三个月内在许村附近上岗')
  await page.getByRole('button', { name: '确定' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.getByRole('button', { name: '约定下一步' }).first().click()
  await page.getByRole('button', { name: '确定' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
})

test('unpaid wages are looked into by an officer, each step with its ground and its term', async ({ page }) => {
  await signInStaff(page, 'xc-town', '/desk/clues')
  const rows = page.locator('main a.row')
  if (!(await rows.count()) && !(await rows.first().isVisible().catch(() => false))) await page.locator('.lg-segment').getByText('全部', { exact: true }).click()
  await expect(rows.first()).toBeVisible()
  await shot(page, 'desk-7-clues')
  await axe(page)
  await rows.first().click()
  await expect(page.getByText('她的原话')).toBeVisible()
  await expect(page.getByText('办理经过')).toBeVisible()
  await shot(page, 'desk-8-clue')
  await axe(page)
})
