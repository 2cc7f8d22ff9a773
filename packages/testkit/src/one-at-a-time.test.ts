import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { oneAtATime } from './one-at-a-time.ts'

let cache: string
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'erlmcp-cache-'))
  vi.stubEnv('XDG_CACHE_HOME', cache)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(cache, { recursive: true })
})

const locks = () => readdirSync(join(cache, 'erlmcp-testkit'))

test('work of one name is done one after another, also after some that failed', async () => {
  const steps: string[] = []
  const work = (name: string) => async () => {
    steps.push(`${name} begins`)
    await sleep(20)
    steps.push(`${name} ends`)
    if (name === 'a') throw new Error('no')
  }
  const both = ['a', 'b'].map((name) => oneAtATime('images', work(name)))
  expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
  ])
  expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  expect(locks()).toEqual([])
})

test('what a process left that is dead is taken over', async () => {
  await oneAtATime('images', async () => {
    const [file] = locks()
    const { pid } = spawnSync('true')
    writeFileSync(join(cache, 'erlmcp-testkit', file!), String(pid))
    expect(await oneAtATime('images', async () => 'done')).toBe('done')
  })
})
