import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runScript } from '@erlmcp/testkit'
import { expect, test } from 'vitest'
import { project } from './testing/secrets.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!)

test('the first block makes a cookie, and keeps it', async () => {
  const root = project()
  const first = await runScript(blocks[0]!, root)
  expect([first.code, first.stderr]).toEqual([0, ''])
  const access = process.getuid?.() === 0 ? '0400, user 1000' : '04'
  expect(first.stdout).toContain(`created secrets/erlang-cookie (${access}`)
  expect(await runScript(blocks[0]!, root)).toMatchObject({
    code: 0,
    stdout: 'kept secrets/erlang-cookie\n',
  })
})

test('the second block makes a TLS server', async () => {
  const root = project()
  expect(await runScript(blocks[1]!, root)).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(readdirSync(join(root, 'secrets')).sort()).toEqual([
    'tls-ca',
    'tls-ca-key',
    'tls-cert',
    'tls-key',
  ])
})

test('the third block rotates a password', async () => {
  expect(await runScript(blocks[2]!, project())).toEqual({
    code: 0,
    stdout: 'rotated secrets/redis-password\ntrue\n',
    stderr: '',
  })
})

test('every block is run', () => {
  expect(readme.match(/^```\w/gm)).toHaveLength(3)
})

test('what needs no certificate does not load the library for them', async () => {
  const loaded = "\nconsole.log('getMetadata' in Reflect)"
  expect((await runScript(blocks[0]! + loaded, project())).stdout).toMatch(/\nfalse\n$/)
  expect((await runScript(blocks[1]! + loaded, project())).stdout).toBe('true\n')
})
