import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installPacked, runIn as run } from './testing/packed.ts'

// The result of `npm i`: the packed packages, in a project outside this repository.

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

beforeAll(async () => {
  home = await installPacked(needed)
}, 600_000)

afterAll(() => rmSync(home, { recursive: true, force: true }), 120_000)

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
})

describe('a projen project, from the packed packages', { timeout: 240_000 }, () => {
  const readme = readFileSync(join(root, 'packages/projen/README.md'), 'utf8')
  const [first, typescriptProject] = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(
    ([, code]) => code!,
  )
  const projen = (folder: string) => run(folder, 'npx', 'projen', '--no-post')
  const erlmcp = (folder: string, ...words: string[]) => run(folder, 'npx', 'erlmcp', ...words)

  test('as in the README is one to npx projen and to erlmcp, and a second run changes nothing', () => {
    const folder = project('with-projen', { '.projenrc.ts': first! })
    run(folder, 'npx', 'tsx', '.projenrc.ts')
    const before = tree(folder)
    expect(Object.keys(before)).toContain('compose.yaml')
    projen(folder)
    expect(tree(folder)).toEqual(before)
    expect(erlmcp(folder, 'check', '--format=json')).toContain('"ok": true')
    expect(erlmcp(folder, 'synth')).toContain('nothing changed')
    expect(tree(folder)).toEqual(before)
    const rc = join(folder, '.projenrc.ts')
    writeFileSync(rc, readFileSync(rc, 'utf8').replace('1.29.3', '1.29.2'))
    expect(() => erlmcp(folder, 'check')).toThrow(/compose\.yaml is out of date/)
    expect(erlmcp(folder, 'synth')).toContain('1 changed')
    const after = tree(folder)
    expect(after['compose.yaml']).toContain('nginx:1.29.2')
    projen(folder)
    expect(tree(folder)).toEqual(after)
  })

  test.each([
    ['tsx', 'runner: typescript.TypeScriptRunner.tsx(),'],
    ['ts-node', ''],
  ])('of TypeScript with gates and workflows, which %s runs', (name, runner) => {
    // What a TypeScriptProject of projen installs: ts-node does not know TypeScript 7.
    const outer = join(home, 'typescript-5')
    if (!existsSync(outer)) {
      project('typescript-5', { 'package.json': '{"private":true}' })
      const needed = [
        'typescript@5.9.3',
        'ts-node@10.9.2',
        '@types/node@20.19.41',
        '@types/jest@30.0.0',
      ]
      run(outer, 'npm', 'i', '--no-audit', '--no-fund', ...needed)
    }
    const folder = project(join('typescript-5', name), {
      '.projenrc.ts': typescriptProject!.replace(
        'projenrcTs: true,',
        `projenrcTs: true, ${runner}`,
      ),
      'rebar.config': '{relx, [{release, {shop, "1.0.0"}, [shop]}]}.\n',
      'rebar.lock': '[].\n',
      'apps/shop/src/shop.app.src': '{application, shop, []}.\n',
      'config/.gitkeep': '',
    })
    run(folder, 'npx', 'tsx', '.projenrc.ts')
    const before = tree(folder)
    expect(Object.keys(before)).toContain('.github/workflows/release.yml')
    projen(folder)
    expect(tree(folder)).toEqual(before)
    erlmcp(folder, 'check')
    expect(erlmcp(folder, 'synth')).toContain('nothing changed')
    expect(erlmcp(folder, 'gate', 'list')).toContain('rebar3 eunit')
    expect(tree(folder)).toEqual(before)
    expect(before['.projen/tasks.json']).toContain(name)
  })

  const plain = (imports: string) => `${imports}
const root = new Project({ name: 'shop', projenCommand: 'npx projen' })
root.defaultTask.exec('node ' + FILE)
const shop = new Project({ name: 'shop', parent: root, outdir: 'services/shop' })
const value = (name, secrets = []) => service(name, { image: 'nginx:1.29.3', secrets })
const quality = gates([gate('lint', { service: 'lint', command: ['true'], timeout: '1m' })], { image: image.tools, sources: [] })
new ErlmcpStack(root, stack('web', [compose('web.yaml', [value('web', [secret('key')])])]))
new ErlmcpStack(root, stack('mail', [compose('mail.yaml', [value('mail')])]))
new ErlmcpStack(shop, stack('shop', [image, quality, compose('shop.yaml', [...quality.services])]))
for (const path of ['apps/a', 'config/a', 'rebar.config', 'rebar.lock']) new TextFile(shop, path)
root.synth()
`
  const names: [string, string][] = [
    ['compose, secret, service', '@erlmcp/compose'],
    ['stack', '@erlmcp/core'],
    ['erlangImage', '@erlmcp/erlang'],
    ['gate, gates', '@erlmcp/gates'],
    ['ErlmcpStack', '@erlmcp/projen'],
    ['Project, TextFile', 'projen'],
  ]
  const image = "const image = erlangImage({ release: 'shop', version: '1.0.0', otp: '28.3.1' })"
  const importing = names.map(([message, from]) => `import { ${message} } from '${from}'`)
  const requiring = names.map(([message, from]) => `const { ${message} } = require('${from}')`)

  test.each([
    ['.projenrc.js', requiring],
    ['.projenrc.cjs', requiring],
    ['.projenrc.mjs', importing],
  ])('%s of several stacks and projects, which Node runs', (file, imports) => {
    const folder = project(`node-${file.replaceAll('.', '-')}`, {
      [file]: plain([...imports, image].join('\n')).replace('FILE', `'${file}'`),
    })
    run(folder, 'node', file)
    const before = tree(folder)
    projen(folder)
    erlmcp(folder, 'check')
    expect(erlmcp(folder, 'synth')).toContain('nothing changed')
    expect(tree(folder)).toEqual(before)
    expect(erlmcp(folder, 'gate', 'list')).toContain('lint')
    expect(erlmcp(join(folder, 'services/shop'), 'gate', 'list')).toContain('lint')
    expect(erlmcp(folder, 'secrets', 'init', `${file}#web`)).toContain('created secrets/key')
    expect(() => erlmcp(folder, 'secrets', 'init', `${file}#nothing`)).toThrow(
      /has no stack nothing; it has web, mail, shop/,
    )
  })
})
