import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runScript } from '@erlmcp/testkit'
import { expect, onTestFinished, test } from 'vitest'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const [cluster, replicas, blueGreen, canary] = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(
  ([, code]) => code!,
)

function run(block: string) {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-readme-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return runScript(block, folder)
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
  expect(await run(text + more)).toEqual({
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
  expect(await run(text + more)).toEqual({
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
  expect(await run(text + more)).toEqual({
    code: 0,
    stdout: `${names.map((name) => `${name}:`).join(' ')}\ntrue\n[]\n`,
    stderr: '',
  })
})

test('every block is run', () => {
  expect(readme.match(/^```\w/gm)).toHaveLength(4)
})
