import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const BINARY = fileURLToPath(new URL('../../var/bin/linggong', import.meta.url))
const START_MS = 120_000

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + START_MS
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`linggong demo ended with ${child.exitCode} before it was ready`)
    const ok = await fetch(`${url}/readyz`).then((r) => r.ok, () => false)
    if (ok) return
    await new Promise((r) => setTimeout(r, 250))
  }
  throw new Error(`linggong demo was not ready after ${START_MS / 1000} s`)
}

/** Uses LINGGONG_E2E_URL, or starts a demo of its own in a temporary folder and stops it afterwards. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.LINGGONG_E2E_URL) return undefined
  const port = await freePort()
  const data = mkdtempSync(join(tmpdir(), 'linggong-e2e-'))
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.env.LINGGONG_E2E_BIN ?? BINARY, ['demo'], {
    env: { ...process.env, LINGGONG_ADDR: `127.0.0.1:${port}`, LINGGONG_DATA: data },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  await ready(url, child)
  process.env.LINGGONG_E2E_URL = url
  return async () => {
    const ended = new Promise((r) => child.once('exit', r))
    child.kill('SIGTERM')
    await ended
    rmSync(data, { recursive: true, force: true })
  }
}
