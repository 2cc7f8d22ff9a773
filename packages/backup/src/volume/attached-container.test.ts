import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '@erlmcp/core'
import { startCommand } from '@erlmcp/testkit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startAttached } from './attached-container.ts'

let folder: string
/** A docker that runs the script of the container here. */
const docker = (before = '') => {
  writeFileSync(
    join(folder, 'docker'),
    `#!/bin/sh\n${before}\nprintf '%s ' "$@" >"${folder}/words"\nfor script; do :; done\nsh -c "$script"\n`,
  )
  chmodSync(join(folder, 'docker'), 0o755)
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erlmcp-attached-'))
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const asked = () => ({
  name: 'shop-1',
  image: 'shop:1.0',
  options: ['--user', '0:0'],
  script: `echo ready; cat >/dev/null; touch ${folder}/over`,
  explain: (stderr: string) =>
    new UserError({ message: 'it does not start', hint: stderr || 'nothing' }),
})
const over = () => existsSync(join(folder, 'over'))

test('it lives until it is ended, without a network', async () => {
  docker()
  const { end } = await startAttached(asked())
  expect(over()).toBe(false)
  await end()
  expect(over()).toBe(true)
  expect(readFileSync(join(folder, 'words'), 'utf8')).toMatch(
    /^run --interactive --rm --name shop-1 --network none .* --user 0:0 --entrypoint sh shop:1.0 -c /,
  )
})

test('it ends with the process that started it, however that ends', async () => {
  docker()
  const { explain: _, ...rest } = asked()
  const module = new URL('./attached-container.ts', import.meta.url).href
  const text = `
    import { startAttached } from ${JSON.stringify(module)}
    await startAttached(${JSON.stringify(rest)})
    process.kill(process.pid, 'SIGKILL')`
  startCommand([process.execPath, '--import', 'tsx', '--input-type=module', '--eval', text])
  await expect.poll(over, { timeout: 20_000 }).toBe(true)
})

test('a container that does not start is explained by what docker printed', async () => {
  docker('echo "no such image" >&2; exit 125')
  await expect(startAttached(asked())).rejects.toMatchObject({ hint: 'no such image' })
  rmSync(join(folder, 'docker'))
  vi.stubEnv('PATH', folder)
  await expect(startAttached(asked())).rejects.toMatchObject({ reason: 'command-missing' })
})
