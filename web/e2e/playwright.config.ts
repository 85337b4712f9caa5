import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'

/** Debian's Chromium, told to talk to nobody but our own server. */
const launchOptions = {
  executablePath: process.env.LINGGONG_TEST_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ],
}
const output = fileURLToPath(new URL('./output', import.meta.url))

export default defineConfig({
  testDir: '.',
  outputDir: `${output}/results`,
  globalSetup: './server.ts',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  fullyParallel: false,
  workers: 1,
  retries: 0,
  reporter: [['list']],
  use: {
    launchOptions,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'desktop', testIgnore: /(kiosk|phone|screen)[^/]*\.spec\.ts/, use: { viewport: { width: 1440, height: 900 } } },
    { name: 'kiosk', testMatch: /kiosk[^/]*\.spec\.ts/, use: { viewport: { width: 1080, height: 1920 }, hasTouch: true } },
    { name: 'phone', testMatch: /phone[^/]*\.spec\.ts/, use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
    { name: 'screen', testMatch: /screen[^/]*\.spec\.ts/, use: { viewport: { width: 1920, height: 1080 } } },
  ],
})
