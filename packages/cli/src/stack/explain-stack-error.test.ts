import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { erlmcp, folder, main, plain, put, shell, useProject } from '../testing/project.ts'

useProject()

describe('errors of a stack are printed without a stack trace', () => {
  const cases: [name: string, text: string, code: number, words: RegExp][] = [
    [
      'a syntax error',
      'export default stack(\n  oops oops\n)',
      2,
      /stack\.ts:2:8: .*\n {4}oops oops\n {9}\^/,
    ],
    [
      'no default export',
      "import { stack } from '@erlmcp/core'\nexport const shop = stack('shop', [])",
      2,
      /missing default export\n {2}Write `export default shop`/,
    ],
    [
      'a revoked proxy',
      'const { proxy, revoke } = Proxy.revocable({}, {})\nrevoke()\nexport default proxy',
      2,
      /got a proxy/,
    ],
    [
      'a proxy that answers with a stack, and throws',
      "export default new Proxy({}, { get(_, key) { if (key === 'kind') return 'stack'; throw new Error('no') } })",
      2,
      /throws Error: no/,
    ],
    [
      'a default export that is not a stack',
      'export default 42',
      2,
      /expected a stack as default export/,
    ],
    [
      'a package that is missing',
      "import 'not-there-at-all'",
      3,
      /imports not-there-at-all, which does not exist\n {2}Install it: npm i not-there-at-all/,
    ],
    ['a file that is missing', "import './gone.ts'", 2, /imports gone\.ts, which does not exist/],
    [
      'a throw',
      "\nthrow new RangeError('too far')",
      2,
      /stack\.ts:2:7: stack\.ts throws RangeError: too far/,
    ],
    ['a throw of no Error', "throw 'a string'", 2, /throws .a string./],
    ['process.exit', 'process.exit(0)', 2, /calls process\.exit\(0\)/],
    [
      'a bad name',
      "import { stack } from '@erlmcp/core'\nexport default stack('Shop!', [])",
      2,
      /stack\.ts:2:16: stack: invalid name "Shop!"/,
    ],
  ]
  test.each(cases)('%s', (_name, text, code, words) => {
    put('stack.ts', text)
    const result = erlmcp('synth')
    expect(result.err).toMatch(words)
    expect(result.err).not.toMatch(/^\s+at /m)
    expect(result.code).toBe(code)
    expect(result.out).toBe('')
  })

  const own: [name: string, text: string, code: number, words: RegExp][] = [
    [
      'a source of the user that throws',
      "import { stack } from '@erlmcp/core'\nexport default stack('a', [{\n  documents() { throw new Error('boom') }\n}])",
      2,
      /stack\.ts:3:23: stack\.ts throws Error: boom/,
    ],
    [
      'process.exit that the file itself catches',
      "import { stack } from '@erlmcp/core'\ntry { process.exit(0) } catch {}\nexport default stack('a', [])",
      2,
      /calls process\.exit\(0\)/,
    ],
    [
      'an await that never ends',
      'await new Promise(() => {})\nexport default 1',
      2,
      /awaits a promise that never settles/,
    ],
    ['a throw of nothing', 'throw undefined', 2, /throws undefined/],
    ['a promise', 'export default Promise.resolve(1)', 2, /expected a stack as default export/],
    ['an empty file', '', 2, /missing default export/],
    [
      'an import of what a module does not have',
      "import { stak } from '@erlmcp/core'\nstak()",
      2,
      /stak/,
    ],
    ['bytes that are not text', '\0\u0001\ufffd', 2, /stack\.ts:1:1/],
  ]
  const careless: typeof cases = [
    [
      'a rejection that the stack does not await',
      "import { stack } from '@erlmcp/core'\nPromise.reject(new Error('late'))\nexport default stack('a', [])",
      2,
      /stack\.ts:2:16: .* throws Error: late/,
    ],
    [
      'a throw in a timer',
      "setTimeout(() => { throw new Error('late') })\nawait new Promise((done) => setTimeout(done, 500))",
      2,
      /stack\.ts:1:26: .* throws Error: late/,
    ],
    ['a throw of what JSON cannot say', 'throw { big: 1n }', 2, /throws \{ big: 1n \}/],
    ['a throw of a circle', 'const a: any = {}; a.a = a; throw a', 2, /throws <ref/],
    ['a function', 'export default () => 1', 2, /got a function; call it/],
    ['a list', 'export default []', 2, /got an array/],
    [
      'a package that is ours by another name',
      "import { stack } from 'erlmcp'\nstack()",
      3,
      /imports erlmcp, which does not exist\n {2}The packages are named @erlmcp/,
    ],
    [
      'a value of the wrong type, which the compiler would reject',
      "import { textFile } from '@erlmcp/core'\nexport default textFile('a', 'x', null as never)",
      2,
      /passes a value of the wrong type\n {2}Run `npx tsc --noEmit --ignoreConfig stack\.ts`, which finds it\..*core\/dist\/index\.js:\d+/,
    ],
  ]
  test.each(careless)('%s', (_name, text, code, words) => {
    put('stack.ts', text)
    const result = erlmcp('synth')
    expect(result.err).toMatch(words)
    expect(result.err).not.toMatch(/^\s+at /m)
    expect(result.err.match(/^erlmcp: /gm)).toHaveLength(1)
    expect(result).toMatchObject({ code, out: '' })
  })

  test('an invalid package.json', () => {
    put('stack.ts', plain)
    put('package.json', '{ nope')
    const { code, err } = erlmcp('synth')
    expect(err).toMatch(/^erlmcp: package\.json is not JSON\n {2}Fix its syntax/)
    expect(code).toBe(2)
  })

  test('an await at the top level of a file that is not an ES module', () => {
    put('package.json', '{}')
    put('stack.ts', 'await 1\nexport default 1')
    const { code, err } = erlmcp('synth')
    expect(code).toBe(2)
    expect(err).toContain(
      'stack.ts:1:1: `await` is used at the top level of a file that is not an ES',
    )
    expect(err).toContain('Name it .mts, or write `"type": "module"` in package.json.')
  })

  test('a CommonJS file: errors use the names of its imports and exports', () => {
    put('package.json', '{}')
    put('stack.ts', "import { stak } from '@erlmcp/core'\nexport default stak()")
    expect(erlmcp('synth').err).toContain('stack.ts:2:16: stack.ts throws TypeError: stak is not')
    put('stack.ts', 'export default () => 1')
    expect(erlmcp('synth').err).toContain('got a function; call it')
    put('stack.ts', "import { stack } from '@erlmcp/core'\nexport const shop = stack('a', [])")
    expect(erlmcp('synth').err).toMatch(/missing default export\n {2}Write `export default shop`/)
  })

  test('a location is relative to the working folder, in JSON, too', () => {
    put('stack.ts', "import { stack } from '@erlmcp/core'\nexport default stack('Shop!', [])")
    const { out, err } = erlmcp('synth', '--format=json')
    expect(err).toMatch(/^erlmcp: stack\.ts:2:16: stack: invalid name/)
    expect(JSON.parse(out).error).toMatchObject({ file: 'stack.ts', line: 2, column: 16 })
  })

  test('a file that is not a program', () => {
    put('stack.json', '{}')
    expect(erlmcp('synth', 'stack.json')).toMatchObject({
      code: 2,
      err: expect.stringContaining('stack.json: expected a TypeScript or JavaScript file'),
    })
  })

  test.skipIf(process.getuid!() !== 0)('a file that one may not read', () => {
    put('stack.ts', plain)
    erlmcp('synth')
    chmodSync(folder, 0o755)
    chmodSync(join(folder, 'stack.ts'), 0o600)
    const otherUser = 'setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/nowhere'
    const asOtherUser = (words: string) =>
      shell(`${otherUser} '${process.execPath}' '${main}' ${words}`)
    expect(asOtherUser('check')).toMatchObject({
      code: 3,
      err: expect.stringMatching(/may not read stack|stack\.ts: permission denied/),
    })
    chmodSync(join(folder, 'stack.ts'), 0o644)
    chmodSync(join(folder, 'a.txt'), 0o600)
    expect(asOtherUser('check').err).toContain('a.txt: permission denied')
    expect(asOtherUser('check').code).toBe(3)
  })

  test.each(own)('%s', (_name, text, code, words) => {
    put('stack.ts', text)
    const result = erlmcp('synth')
    expect(result.err).toMatch(words)
    expect(result.err).not.toMatch(/^\s+at /m)
    expect(result.code).toBe(code)
    expect(result.out).toBe('')
  })

  test('a missing stack, a folder, a missing file', () => {
    expect(erlmcp('synth').err).toContain('missing stack: this folder has none of')
    expect(erlmcp('synth', '.').err).toContain('. is a folder')
    expect(erlmcp('synth', 'x.ts').err).toContain('x.ts does not exist')
  })

  test('a path that leads nowhere: through a file, in a circle, without an end', () => {
    put('file', '')
    symlinkSync('loop.ts', join(folder, 'loop.ts'))
    for (const name of ['file/stack.ts', 'loop.ts', `${'a'.repeat(300)}.ts`]) {
      expect(erlmcp('synth', name)).toMatchObject({
        code: 2,
        err: expect.stringContaining(`${name} does not exist`),
      })
    }
    put('stack.ts', plain)
    expect(erlmcp('synth', '--out', 'file/out')).toMatchObject({
      code: 3,
      err: expect.stringContaining('expected a folder, got a file'),
    })
  })

  test('a stack that prints and leaves a timer pending affects neither the JSON nor the exit', () => {
    put('stack.ts', `console.log('hello')\nsetInterval(() => {}, 1000)\n${plain}`)
    const { code, out, err } = erlmcp('synth', '--format=json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ written: true })
    expect(err).toContain('hello')
  })
})
