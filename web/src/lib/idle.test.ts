import { describe, expect, it } from 'vitest'
import { IdleWatch } from './idle'

function watch() {
  const heard: string[] = []
  const clock = { ms: 0 }
  const idle = new IdleWatch({
    warnAfter: 45,
    forgetAfter: 60,
    onWarn: (left) => heard.push(`warn ${left}`),
    onBack: () => heard.push('back'),
    onForget: () => heard.push('forget'),
    now: () => clock.ms,
  })
  const wait = (seconds: number): void => {
    for (let i = 0; i < seconds; i++) {
      clock.ms += 1000
      idle.step()
    }
  }
  return { heard, idle, wait }
}

describe('the idle watch', () => {
  it('is silent while somebody is there', () => {
    const { heard, idle, wait } = watch()
    for (let i = 0; i < 10; i++) {
      wait(40)
      idle.touch()
    }
    expect(heard).toEqual([])
  })

  it('warns at 45 seconds, counts down, and forgets at 60', () => {
    const { heard, wait } = watch()
    wait(44)
    expect(heard).toEqual([])
    wait(16)
    expect(heard[0]).toBe('warn 15')
    expect(heard.at(-2)).toBe('warn 1')
    expect(heard.at(-1)).toBe('forget')
  })

  it('lets somebody come back', () => {
    const { heard, idle, wait } = watch()
    wait(50)
    idle.touch()
    expect(heard.at(-1)).toBe('back')
    wait(44)
    expect(heard.at(-1)).toBe('back')
  })

  it('begins anew after forgetting', () => {
    const { heard, wait } = watch()
    wait(60)
    wait(44)
    expect(heard.filter((h) => h === 'forget')).toHaveLength(1)
    wait(16)
    expect(heard.filter((h) => h === 'forget')).toHaveLength(2)
  })
})
