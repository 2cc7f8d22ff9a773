import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folder, main, plain, put, useProject } from '../testing/project.ts'

useProject()

/** This Node, and others whose paths ERLMCP_NODES has: what is late must be the same on all. */
const nodes = [
  process.execPath,
  ...(process.env.ERLMCP_NODES ?? '').split(':').filter((path) => path !== ''),
]

function synth(node: string, ...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(node, [main, 'synth', ...argv], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  return { code: status, out: stdout, err: stderr }
}

const cases: [name: string, line: string, words: RegExp][] = [
  ['a rejection', "Promise.reject(new Error('late'))", /throws Error: late/],
  ['a rejection of no error', 'Promise.reject({ odd: 1 })', /throws \{ odd: 1 \}/],
  [
    'a rejection some turns later',
    "void (async () => { for (let n = 0; n < 50; n++) await null; throw new Error('late') })()",
    /throws Error: late/,
  ],
  [
    'a read that fails',
    "import { readFile } from 'node:fs/promises'\nreadFile('gone')",
    /throws Error: ENOENT/,
  ],
  ['a throwing timer', "setTimeout(() => { throw new Error('late') })", /throws Error: late/],
  [
    'a timer that throws after 100 ms',
    "setTimeout(() => { throw new Error('late') }, 100)",
    /throws Error: late/,
  ],
  ['an immediate that throws', "setImmediate(() => { throw new Error('late') })", /Error: late/],
  ['process.exit in a timer', 'setTimeout(() => process.exit(0))', /calls process\.exit\(0\)/],
  [
    'process.exit after 100 ms, caught by the stack itself',
    'setTimeout(() => { try { process.exit(0) } catch {} }, 100)',
    /calls process\.exit\(0\)/,
  ],
  ['process.exit of a promise', 'Promise.resolve().then(() => process.exit(0))', /process\.exit/],
  ['process.exit in an immediate', 'setImmediate(() => process.exit(3))', /process\.exit\(3\)/],
]

describe.each(nodes)('%s: what a stack does late', (node) => {
  for (const [type, some] of [
    ['module', cases],
    ['commonjs', cases.slice(0, 2)],
  ] as const) {
    test.each(some)(`%s (${type})`, (_name, line, words) => {
      put('package.json', JSON.stringify({ type }))
      put('stack.ts', `${line}\n${plain}`)
      const { code, out, err } = synth(node)
      expect(err).toMatch(words)
      expect(err).not.toMatch(/^\s+at /m)
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(existsSync(join(folder, 'a.txt'))).toBe(false)
      expect(JSON.parse(synth(node, '--format=json').out)).toMatchObject({ code: 2 })
    })
  }

  test('a source that is late, too', () => {
    put('stack.ts', plain.replace('() => [', '() => [Promise.reject(new Error("late")) && '))
    expect(synth(node)).toMatchObject({ code: 2, err: expect.stringContaining('Error: late') })
  })

  test.each([
    "process.on('exit', () => { process.exitCode = 0 })",
    "process.on('exit', () => { throw new Error('late') })",
    "process.on('exit', () => { process.exit(0) })",
    "process.once('exit', () => process.on('exit', () => { process.exitCode = 0 }))",
    "process.on('beforeExit', () => { process.exitCode = 0 })",
    'process.exitCode = 0',
  ])('%s changes no answer', (line) => {
    put('stack.ts', `${line}\n${plain.replace("'shop'", "'Shop!'")}`)
    const refused = { code: 2, out: '', err: expect.stringMatching(/stack: invalid name "Shop!"/) }
    expect(synth(node)).toEqual(refused)
    put('stack.ts', `${line}\n${plain}`)
    expect(synth(node)).toMatchObject({ code: 0, err: '' })
    put('stack.ts', `${line}\nawait new Promise(() => {})\n${plain}`)
    expect(synth(node)).toMatchObject({ code: 2, err: expect.stringContaining('never settles') })
  })

  test('a timer that never ends holds nothing up for long', () => {
    put('stack.ts', `setInterval(() => {}, 10)\n${plain}`)
    const begin = Date.now()
    expect(synth(node)).toMatchObject({ code: 0, err: '' })
    expect(Date.now() - begin).toBeLessThan(10_000)
  })
})
