import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { finished, start } from './testing/child.ts'
import { project } from './testing/secrets.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const [cluster, replicas, blueGreen, canary, ...blocks] = [
  ...readme.matchAll(/^```ts\n(.*?)^```$/gms),
].map(([, code]) => code!)
const tsconfig = fileURLToPath(new URL('../../../tsconfig.json', import.meta.url))

async function run(block: string, root: string) {
  const script = join(root, 'block.mts')
  const of = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
  const local = block
    .replace("'@erlmcp/cluster'", of('./index.ts'))
    .replace("'@erlmcp/cluster/run'", of('./run/index.ts'))
  writeFileSync(script, `process.chdir(${JSON.stringify(root)})\n${local}`)
  return finished(
    start([process.execPath, '--import', 'tsx', script], { TSX_TSCONFIG_PATH: tsconfig }),
  )
}

test('the block of a cluster makes a compose file with three nodes, and no error', async () => {
  const text = cluster!.replace('export default stack(', 'const made = stack(')
  const more = `
import { synthesize } from '@erlmcp/core'
const { artifacts, diagnostics } = synthesize(made)
const { text } = artifacts.find(({ path }) => path === 'docker-compose.cluster.yml')!
console.log(text.match(/^  shop-node\\d:/gm)?.length, text.includes('shop@shop-node1.shop.internal'))
console.log(diagnostics.filter(({ severity }) => severity === 'error'))
`
  expect(await run(text + more, project())).toEqual({
    code: 0,
    stdout: '3 true\n[]\n',
    stderr: '',
  })
})

test('the block of a cluster in a swarm makes a stack file with three replicas, and no error', async () => {
  const text = replicas!.replace('export default stack(', 'const made = stack(')
  const more = `
import { synthesize } from '@erlmcp/core'
const { artifacts, diagnostics } = synthesize(made)
const { text } = artifacts.find(({ path }) => path === 'docker-compose.swarm.yml')!
console.log(text.includes('replicas: 3'), text.includes('monitor: 35s'))
console.log(diagnostics.filter(({ severity }) => severity === 'error'))
`
  expect(await run(text + more, project())).toEqual({
    code: 0,
    stdout: 'true true\n[]\n',
    stderr: '',
  })
})

test.each([
  ['blue-green', blueGreen!, ['traefik', 'shop-blue', 'shop-green'], 'traffic/shop-bluegreen'],
  ['canary', canary!, ['haproxy', 'shop-stable', 'shop-canary'], 'traffic/shop-canary'],
])('the block of %s makes a proxy, two versions, and no error', async (_, block, names, folder) => {
  const text = block.replace('export default stack(', 'const made = stack(')
  const more = `
import { synthesize } from '@erlmcp/core'
const { artifacts, diagnostics } = synthesize(made)
const { text } = artifacts.find(({ path }) => path.startsWith('docker-compose.'))!
console.log(text.slice(text.indexOf('services:')).match(/^  [a-z-]+:$/gm)?.slice(0, 3).map((one) => one.trim()).join(' '))
console.log(artifacts.some(({ path }) => path === '${folder}/.gitignore'))
console.log(diagnostics.filter(({ severity }) => severity === 'error'))
`
  expect(await run(text + more, project())).toEqual({
    code: 0,
    stdout: `${names.map((name) => `${name}:`).join(' ')}\ntrue\n[]\n`,
    stderr: '',
  })
})

test('the first block of secrets makes a cookie, and keeps it', async () => {
  const root = project()
  const first = await run(blocks[0]!, root)
  expect([first.code, first.stderr]).toEqual([0, ''])
  const access = process.getuid?.() === 0 ? '0400, user 1000' : '04'
  expect(first.stdout).toContain(`made secrets/erlang-cookie (${access}`)
  expect(await run(blocks[0]!, root)).toMatchObject({
    code: 0,
    stdout: 'kept secrets/erlang-cookie\n',
  })
})

test('the second block of secrets makes a TLS server', async () => {
  const root = project()
  expect(await run(blocks[1]!, root)).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(readdirSync(join(root, 'secrets')).sort()).toEqual([
    'tls-ca',
    'tls-ca-key',
    'tls-cert',
    'tls-key',
  ])
})

test('the third block rotates a password', async () => {
  expect(await run(blocks[2]!, project())).toEqual({
    code: 0,
    stdout: 'rotated secrets/redis-password\ntrue\n',
    stderr: '',
  })
})

test('there is no block that no test runs', () => {
  // The last two, of backups, are run by tests/backup.engine.test.ts.
  expect(readme.match(/^```\w/gm)).toHaveLength(9)
})

test('what needs no certificate does not load the library for them', async () => {
  const loaded = "\nconsole.log('getMetadata' in Reflect)"
  expect((await run(blocks[0]! + loaded, project())).stdout).toMatch(/\nfalse\n$/)
  expect((await run(blocks[1]! + loaded, project())).stdout).toBe('true\n')
})
