import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { constitution } from './index.ts'
import { installGuard, rewrite, scan } from './run.ts'
import { writeInvocations } from './testing/invocations.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    (match) => match[1]!,
  )

const repository = fileURLToPath(new URL('../../../', import.meta.url))

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erlmcp-readme-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a block as a module in the folder, with more code at its end. */
function runBlock(block: string, more = ''): string {
  const index = (name: string, file = 'index.ts') =>
    pathToFileURL(join(repository, `packages/${name}/src`, file)).href
  const text = `${block}\n${more}`
    .replaceAll("'@erlmcp/constitution/run'", JSON.stringify(index('constitution', 'run.ts')))
    .replaceAll("'@erlmcp/constitution'", JSON.stringify(index('constitution')))
    .replaceAll("'@erlmcp/core'", JSON.stringify(index('core')))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder, 'block.ts'), text)
  const tsx = pathToFileURL(join(repository, 'node_modules/tsx/dist/loader.mjs')).href
  return execFileSync(process.execPath, ['--import', tsx, 'block.ts'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, TSX_TSCONFIG_PATH: join(repository, 'tsconfig.json') },
  })
}

test('the rewrites of the README', () => {
  const [block = ''] = blocks('sh').slice(1)
  const pairs = [...block.matchAll(/^npx erlmcp rewrite -- (.*)\n# (.*)$/gm)]
  expect(pairs).toHaveLength(3)
  for (const [, command = '', expected] of pairs) {
    // A shell reads the words.
    const script = `for word in ${command}; do printf '%s\\0' "$word"; done`
    const argv = execFileSync('sh', ['-c', script], { encoding: 'utf8' })
    const form = rewrite(constitution(), argv.split('\0').slice(0, -1))
    expect(form.defined ? form.line : `erlmcp: no Docker form: ${form.message}`).toBe(expected)
  }
})

test('the map of the README', () => {
  const [block = ''] = blocks('ts')
  const ask = `
import { parseConstitution } from '@erlmcp/constitution'
import { rewrite } from '@erlmcp/constitution/run'
const [file] = docker.documents(undefined as never)
const map = parseConstitution((file!.data as { text: string }).text)
for (const task of ['hank', 'hex', 'ct']) console.log(JSON.stringify(rewrite(map, ['rebar3', task])))
`
  const [hank, hex, ct] = runBlock(block, ask)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(hank).toMatchObject({ line: 'docker compose run --rm shop-lint rebar3 hank' })
  expect(hex).toMatchObject({ hint: 'The release workflow publishes.' })
  expect(ct).toMatchObject({ service: 'shop-ct' })
})

test('the table of what shims and scan find', () => {
  const rows = [...readme.matchAll(/^\| `(.*)` \| (refused|runs) \| (found|missed) \|$/gm)]
  expect(rows.length).toBeGreaterThan(9)
  // The programs of the test replace those of a host.
  const real = join(folder, 'real')
  const lines = rows.map((row) =>
    row[1]!.replaceAll('\\|', '|').replaceAll('/opt/erlang/bin', real),
  )
  installGuard(folder, constitution())
  cpSync(join(folder, '.erlmcp/guard'), join(folder, 'guard'), { recursive: true })
  writeInvocations(folder, lines)
  const { stdout } = spawnSync('sh', [join(folder, 'run')], {
    encoding: 'utf8',
    env: { ...process.env, ERLMCP_IN_CONTAINER: '' },
  })
  const results = stdout.trim().split('\n')
  for (const [index, [, line, shim, scanned]] of rows.entries()) {
    expect(results[index]!.split(' ')[0], line).toBe(shim === 'runs' ? 'ran' : 'refused')
    writeFileSync(join(folder, 'a.sh'), `${lines[index]}\n`)
    const { diagnostics } = scan(folder, constitution(), { paths: ['a.sh'] })
    expect(diagnostics.length, line).toBe(scanned === 'found' ? 1 : 0)
  }
})
