import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

// The built program, as a child process, in a project outside the repository.
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const core = fileURLToPath(new URL('../../core', import.meta.url))

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erlmcp cli é-'))
  mkdirSync(join(folder, 'node_modules/@erlmcp'), { recursive: true })
  symlinkSync(core, join(folder, 'node_modules/@erlmcp/core'))
  put('package.json', '{"type":"module"}')
})

afterEach(() => rmSync(folder, { recursive: true }))

function put(path: string, text: string): void {
  writeFileSync(join(folder, path), text)
}

const read = (path: string) => readFileSync(join(folder, path), 'utf8')

function erlmcp(...argv: string[]) {
  const child = spawnSync(process.execPath, [main, ...argv], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  return { code: child.status, out: child.stdout, err: child.stderr }
}

const plain = `import { stack, textFile } from '@erlmcp/core'
const text: string = 'one'
export default stack('shop', [{ documents: () => [textFile('a.txt', text, { comment: '#' })] }])
`

/** A stack whose one document has a fault, at the line of its \`node(…)\`. */
const faulty = (severity: string) => `import { ORIGIN, originOf, stack } from '@erlmcp/core'
function node(text: string) {
  return { text, [ORIGIN]: originOf(node) }
}
const rule = {
  id: 'example/bad', kind: 'breaks', severity: '${severity}', summary: 'Bad', why: 'w', help: 'Write another.',
  references: [], bad: {}, good: {},
  check: () => [{ path: ['text'], message: 'this text is bad' }],
} as const
const format = { name: 'example', rules: [rule], print: () => 'printed\\n' }
const data = node('bad')
export default stack('shop', [{ documents: () => [{ path: 'a.txt', format, data }] }])
`

describe('synth', () => {
  test('writes the files of stack.ts, and says so in a line', () => {
    put('stack.ts', plain)
    expect(erlmcp('synth')).toEqual({ code: 0, out: 'erlmcp: 1 file, 1 new\n', err: '' })
    expect(read('a.txt')).toMatch(/^# Made by erlmcp from stack\.ts.*\n.*\none\n$/)
    expect(erlmcp('synth').out).toBe('erlmcp: 1 file, nothing changed\n')
  })

  test('refuses to overwrite an edited file, shows the difference, and --force goes on', () => {
    put('stack.ts', plain)
    erlmcp('synth')
    put('a.txt', 'mine\n')
    const refused = erlmcp('synth')
    expect(refused.code).toBe(1)
    expect(refused.err).toMatch(/^-mine$/m)
    expect(refused.err).toContain('--force')
    expect(read('a.txt')).toBe('mine\n')
    expect(erlmcp('synth', '--force').code).toBe(0)
    expect(read('a.txt')).toMatch(/one\n$/)
  })

  test('an error in the stack is a finding at its line, and nothing is written', () => {
    put('stack.ts', faulty('error'))
    const { code, err } = erlmcp('synth')
    expect(code).toBe(1)
    expect(err).toContain('stack.ts:11:14: error: this text is bad [example/bad]\n  Write another.')
    expect(() => read('a.txt')).toThrow(/ENOENT/)
  })

  test('a warning is said, and the files are written', () => {
    put('stack.ts', faulty('warning'))
    const { code, err } = erlmcp('synth')
    expect(code).toBe(0)
    expect(err).toContain('stack.ts:11:14: warning: this text is bad')
    expect(read('a.txt')).toBe('printed\n')
  })

  test('notes are counted, and check shows them', () => {
    put('stack.ts', faulty('note'))
    expect(erlmcp('synth')).toMatchObject({
      err: '',
      out: 'erlmcp: 1 file, 1 new; 1 note, see erlmcp check\n',
    })
    expect(erlmcp('check')).toMatchObject({
      code: 0,
      err: expect.stringContaining('stack.ts:11:14: note: this text is bad'),
    })
  })

  test('--out writes elsewhere', () => {
    put('stack.ts', plain)
    mkdirSync(join(folder, 'deploy'))
    expect(erlmcp('synth', '--out', 'deploy').code).toBe(0)
    expect(read('deploy/a.txt')).toContain('one')
  })
})

describe('findings for programs', () => {
  test('--json is one document', () => {
    put('stack.ts', faulty('error'))
    const { out } = erlmcp('synth', '--json')
    expect(JSON.parse(out)).toMatchObject({
      written: false,
      findings: [{ rule: 'example/bad', file: 'stack.ts', line: 11, severity: 'error' }],
    })
  })

  test('--format sarif', () => {
    put('stack.ts', faulty('note'))
    const log = JSON.parse(erlmcp('check', '--format', 'sarif').out)
    expect(log.version).toBe('2.1.0')
    expect(log.runs[0].results[0]).toMatchObject({ ruleId: 'example/bad', level: 'note' })
  })

  test('SARIF explains the rules', () => {
    put('stack.ts', faulty('note'))
    const [run] = JSON.parse(erlmcp('check', '--format', 'sarif').out).runs
    expect(run.tool.driver.rules).toEqual([
      {
        id: 'example/bad',
        shortDescription: { text: 'Bad.' },
        fullDescription: { text: 'w' },
        help: { text: 'Write another.' },
        defaultConfiguration: { level: 'note' },
      },
    ])
  })

  test('a mistake is JSON too, for who asked for it', () => {
    put('stack.ts', 'export default 42')
    const { code, out } = erlmcp('check', '--json')
    expect(JSON.parse(out)).toMatchObject({
      code,
      error: { what: expect.stringContaining('no stack') },
    })
  })

  test('a foreign file cannot steer the terminal through its difference', () => {
    put('stack.ts', plain)
    put('a.txt', '\u001b[2Jgone\n')
    const { code, err } = erlmcp('synth')
    expect(code).toBe(1)
    expect(err).toContain('-\\x1b[2Jgone')
  })

  test('--format github', () => {
    put('stack.ts', faulty('warning'))
    expect(erlmcp('check', '--format=github').out).toBe(
      '::warning file=stack.ts,line=11,col=14,title=example/bad::this text is bad%0AWrite another.\n',
    )
  })
})

describe('check and diff', () => {
  test('say yes when nothing differs, and no with the difference', () => {
    put('stack.ts', plain)
    erlmcp('synth')
    expect(erlmcp('check')).toEqual({ code: 0, out: '', err: '' })
    expect(erlmcp('diff')).toEqual({ code: 0, out: '', err: '' })
    put('stack.ts', plain.replace("'one'", "'two'"))
    const { code, err } = erlmcp('check')
    expect(code).toBe(1)
    expect(err).toMatch(/^erlmcp: a\.txt is out of date$/m)
    const shown = erlmcp('diff')
    expect(shown.code).toBe(1)
    expect(shown.out).toMatch(/^-one\n\+two$/m)
  })
})

describe('mistakes get words, not a stack trace', () => {
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
      /there is no default export\n {2}Write `export default shop`/,
    ],
    ['a default export that is no stack', 'export default 42', 2, /the default export is no stack/],
    [
      'a package that is missing',
      "import 'not-there-at-all'",
      3,
      /imports not-there-at-all, which is not there\n {2}Install it: npm i not-there-at-all/,
    ],
    ['a file that is missing', "import './gone.ts'", 2, /imports gone\.ts, which is not there/],
    [
      'a throw',
      "\nthrow new RangeError('too far')",
      2,
      /stack\.ts:2:7: stack\.ts throws RangeError: too far/,
    ],
    ['a throw of no Error', "throw 'a string'", 2, /throws "a string"/],
    ['process.exit', 'process.exit(0)', 2, /calls process\.exit\(0\)/],
    [
      'a bad name',
      "import { stack } from '@erlmcp/core'\nexport default stack('Shop!', [])",
      2,
      /stack\.ts:2:16: stack name "Shop!"/,
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
      'a source of their own that throws when it is asked',
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
      /awaits something that never happens/,
    ],
    ['a throw of nothing', 'throw undefined', 2, /throws undefined/],
    ['a promise', 'export default Promise.resolve(1)', 2, /the default export is no stack/],
    ['an empty file', '', 2, /there is no default export/],
    [
      'an import of what a module does not have',
      "import { stak } from '@erlmcp/core'\nstak()",
      2,
      /stak/,
    ],
    ['bytes that are no text', '\0\u0001\ufffd', 2, /stack\.ts:1:1/],
  ]
  test.each(own)('%s', (_name, text, code, words) => {
    put('stack.ts', text)
    const result = erlmcp('synth')
    expect(result.err).toMatch(words)
    expect(result.err).not.toMatch(/^\s+at /m)
    expect(result.code).toBe(code)
    expect(result.out).toBe('')
  })

  test('no stack, a folder, no such file', () => {
    expect(erlmcp('synth').err).toContain('there is no stack here')
    expect(erlmcp('synth', '.').err).toContain('. is a folder')
    expect(erlmcp('synth', 'x.ts').err).toContain('there is no file x.ts')
  })

  test('a stack that prints and leaves a timer behind harms neither the JSON nor the end', () => {
    put('stack.ts', `console.log('hello')\nsetInterval(() => {}, 1000)\n${plain}`)
    const { code, out, err } = erlmcp('synth', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ written: true })
    expect(err).toContain('hello')
  })
})

describe('every kind of project and file', () => {
  const located = plain.replace("'shop'", "'Shop!'")

  test.each(['{}', '{"type":"module"}', '{"type":"commonjs"}'])(
    'a package.json that says %s',
    (manifest) => {
      put('package.json', manifest)
      put('stack.ts', plain)
      expect(erlmcp('synth')).toEqual({ code: 0, out: 'erlmcp: 1 file, 1 new\n', err: '' })
      put('stack.ts', located)
      expect(erlmcp('synth').err).toContain('stack.ts:3:16: stack name "Shop!"')
      put('stack.ts', "import './gone.ts'\nimport 'not-there-at-all'\n")
      expect(erlmcp('synth').err).toMatch(/imports .*gone\.ts, which is not there/)
    },
  )

  test.each(['stack.mts', 'stack.cts', 'weird näme (1).ts', "qu'ote.mts"])('%s', (name) => {
    put(name, plain)
    expect(erlmcp('synth', name).code).toBe(0)
    expect(read('a.txt')).toContain(`Made by erlmcp from ${name}.`)
    put(name, located)
    expect(erlmcp('synth', name).err).toContain(`${name}:3:16: stack name`)
  })

  test.each(['stack.mjs', 'stack.js'])('%s is found by itself', (name) => {
    put(name, plain.replace(': string', ''))
    expect(erlmcp('synth').code).toBe(0)
  })

  test('stack.cjs', () => {
    put('stack.cjs', "const { stack } = require('@erlmcp/core')\nmodule.exports = stack('a', [])\n")
    const { code, out } = erlmcp('synth', 'stack.cjs')
    expect({ code, out }).toEqual({ code: 0, out: 'erlmcp: 0 files, nothing changed\n' })
  })

  test('a thousand files of one stack', () => {
    put(
      'stack.ts',
      plain
        .replace(
          "[textFile('a.txt',",
          'Array.from({ length: 1000 }, (_, n) => textFile(`d/${n}.txt`,',
        )
        .replace('})] }', '})) }'),
    )
    expect(erlmcp('synth').out).toBe('erlmcp: 1000 files, 1000 new\n')
    expect(erlmcp('check').code).toBe(0)
  })
})

describe('the README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const shown = [...new Set(readme.match(/`erlmcp [a-z ]+\[stack\.ts\]`/g))]

  test('shows every command', () => {
    expect(shown).toHaveLength(4)
  })

  test.each(shown)('%s does what it says', (text) => {
    put('stack.ts', plain)
    erlmcp('synth')
    const words = text.slice('`erlmcp '.length, -1).replace(/[[\]]/g, '').split(' ')
    expect(erlmcp(...words)).toMatchObject({ code: 0, err: '' })
  })

  test('from a program', () => {
    put('stack.ts', plain)
    erlmcp('synth')
    const program = /```ts\n([\s\S]*?)```/.exec(readme)![1]!
    const index = new URL('../dist/index.js', import.meta.url).href
    put('program.mjs', program.replace("'@erlmcp/cli'", JSON.stringify(index)))
    const child = spawnSync(process.execPath, ['program.mjs'], { cwd: folder, encoding: 'utf8' })
    expect(child).toMatchObject({ status: 0, stderr: '' })
  })
})

describe('usage', () => {
  test.each([
    [['sinth'], /unknown command sinth; did you mean synth\?/],
    [['secrets'], /unknown command secrets; did you mean secrets init\?/],
    [['synth', '--froce'], /unknown option --froce; did you mean --force\?/],
    [['synth', '--out'], /--out needs DIR/],
    [['check', '--format', 'xml'], /--format xml: it takes human, json, sarif, github/],
    [['synth', 'a.ts', 'b.ts'], /two files, a\.ts and b\.ts/],
  ])('%j', (argv, words) => {
    const { code, err } = erlmcp(...argv)
    expect(code).toBe(2)
    expect(err).toMatch(words)
  })

  test('--help and --version answer', () => {
    expect(erlmcp('--help').out).toContain('usage: erlmcp COMMAND')
    expect(erlmcp('synth', '--help').out).toContain('--force')
    expect(erlmcp('--version').out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('secrets init', () => {
  const secret = (recipe: string) => `import { stack } from '@erlmcp/core'
const file = { path: 'secrets/cookie', recipe: ${recipe}, readers: [${process.getuid!()}] } as const
export default stack('shop', [{ documents: () => [], secrets: () => [file] }])
`
  test('makes what is missing, keeps what is there, and prints neither', () => {
    put('stack.ts', secret("{ kind: 'random', bytes: 32, encoding: 'hex' }"))
    const first = erlmcp('secrets', 'init')
    expect(first.out).toMatch(/^made secrets\/cookie \(0400/m)
    const made = read('secrets/cookie')
    expect(made).toMatch(/^[0-9a-f]{64}$/)
    expect(first.out + first.err).not.toContain(made.trim())
    expect(erlmcp('secrets', 'init').out).toBe('kept secrets/cookie\n')
    expect(read('secrets/cookie')).toBe(made)
  })
})
