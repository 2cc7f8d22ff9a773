import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installPacked, runIn as run } from './testing/packed.ts'

// What a person has after `npm i`: the packed packages, in a project outside this repository.

const root = fileURLToPath(new URL('..', import.meta.url))
const needed = ['tsx@4.23.15', 'projen@0.103.25', 'typescript@7.0.2']

let home: string

function project(name: string, files: Record<string, string>): string {
  const folder = join(home, name)
  mkdirSync(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

function tree(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), readFileSync(path, 'utf8')]),
  )
}

beforeAll(() => {
  home = installPacked(needed)
}, 600_000)

afterAll(() => rmSync(home, { recursive: true, force: true }))

const stackText = (imports: string, out: string) => `${imports}

const db = postgres('db', { database: 'shop' })
const web = service('web', {
  image: 'nginx:1.29.3',
  depends_on: [healthy(db)],
  ports: [publish(8080, 80)],
})
${out} stack('shop', [compose('compose.yaml', [web])])
`

const esm = `import { compose, healthy, publish, service } from '@erlmcp/compose'
import { postgres } from '@erlmcp/compose/services'
import { stack } from '@erlmcp/core'`

const cjs = `const { compose, healthy, publish, service } = require('@erlmcp/compose')
const { postgres } = require('@erlmcp/compose/services')
const { stack } = require('@erlmcp/core')`

describe('from the packed packages, outside the repository', () => {
  test('the README takes a newcomer from a rebar3 project to files that check', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    const folder = project('newcomer', {
      'stack.ts': /```ts\n([\s\S]*?)```/.exec(readme)![1]!,
      'rebar.config': '{relx, [{release, {erlmcp, "3.0.0"}, [erlmcp]}]}.\n',
      'rebar.lock': '[].\n',
      'apps/erlmcp/src/erlmcp.app.src': '{application, erlmcp, []}.\n',
    })
    const commands = readme.match(/^npx .*?(?= +#)/gm)!
    expect(commands).toHaveLength(4)
    for (const command of commands) run(folder, 'sh', '-c', command)
    expect(readdirSync(join(folder, 'secrets'))).toContain('postgres-password')
    const misspelt = readFileSync(join(folder, 'stack.ts'), 'utf8').replace(
      'depends_on',
      'depend_on',
    )
    writeFileSync(join(folder, 'stack.ts'), misspelt)
    expect(() => run(folder, 'sh', '-c', commands[0]!)).toThrow()
  })

  test.each([
    ['typescript', 'stack.ts', stackText(esm, 'export default')],
    ['esm', 'stack.mjs', stackText(esm, 'export default')],
    ['commonjs', 'stack.cjs', stackText(cjs, 'module.exports =')],
  ])('erlmcp synth takes a ten-line stack in %s, and check agrees', (name, file, text) => {
    const folder = project(name, { [file]: text })
    run(folder, 'npx', 'erlmcp', 'synth', file)
    expect(readFileSync(join(folder, 'compose.yaml'), 'utf8')).toMatch(/^services:$/m)
    run(folder, 'npx', 'erlmcp', 'check', file)
  })

  test('the packages load under tsx, and as ESM and CommonJS', () => {
    const say =
      "console.log(stack('shop', [compose('compose.yaml', [service('web', { image: 'nginx:1.29.3' })])]).name)"
    const folder = project('load', {
      'a.ts': `${esm}\n${say}`,
      'a.mjs': `${esm}\n${say}`,
      'a.cjs': `${cjs}\n${say}`,
    })
    expect(run(folder, 'npx', 'tsx', 'a.ts')).toBe('shop\n')
    expect(run(folder, 'node', 'a.mjs')).toBe('shop\n')
    expect(run(folder, 'node', 'a.cjs')).toBe('shop\n')
  })

  test('npx projen synthesizes a .projenrc.ts, and a second run changes nothing', () => {
    const readme = readFileSync(join(root, 'packages/projen/README.md'), 'utf8')
    const folder = project('with-projen', {
      '.projenrc.ts': /```ts\n([\s\S]*?)```/.exec(readme)![1]!,
    })
    run(folder, 'npx', 'tsx', '.projenrc.ts')
    const first = tree(folder)
    expect(Object.keys(first)).toContain('compose.yaml')
    run(folder, 'npx', 'projen')
    expect(tree(folder)).toEqual(first)
    const rc = join(folder, '.projenrc.ts')
    writeFileSync(rc, readFileSync(rc, 'utf8').replace('1.29.3', '1.29.2'))
    run(folder, 'npx', 'projen')
    expect(tree(folder)['compose.yaml']).toContain('nginx:1.29.2')
  })
})
