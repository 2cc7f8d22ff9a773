import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { erlmcp, folder, main, put, useProject } from './testing/project.ts'

useProject()

/** A line of sh in the project. */
function sh(script: string) {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script, main], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { code: status, out: stdout, err: stderr }
}

const ofSize = (bytes: string) =>
  `import { stack, textFile } from '@erlmcp/core'
export default stack('a', [{ documents: () => [textFile('big.txt', 'x'.repeat(${bytes}))] }])`

describe('what is odd ends in words, and in JSON where JSON was asked for', () => {
  test.each([
    ['an object without a prototype', 'throw Object.create(null)'],
    ['a getter that throws', "throw { get message() { throw new Error('x') } }"],
    ['a stack that is not a string', 'throw { stack: 5, message: {} }'],
    ['a proxy that refuses', "throw new Proxy(new Error('a'), { get() { throw 1 } })"],
    ['a name that throws', 'class X extends Error { get name() { throw 3 } }\nthrow new X()'],
    ['a symbol', "throw Symbol('a')"],
    ['several errors', "throw new AggregateError([new Error('p')], 'q')"],
  ])('a throw of %s', (_name, text) => {
    put('stack.ts', text)
    const { code, out, err } = erlmcp('synth', '--format=json')
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('throws') })
    expect(JSON.parse(out)).toMatchObject({ code: 2, error: { message: expect.any(String) } })
    expect(err).not.toMatch(/^\s+at |bug of erlmcp/m)
  })

  test('a file that is larger than a limit of the shell', () => {
    put('stack.ts', ofSize('3_000_000'))
    const { code, out, err } = sh(`ulimit -f 1000; ${process.execPath} "$0" synth --format json`)
    expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining('`ulimit -f`') })
    expect(JSON.parse(out)).toMatchObject({ code: 3 })
  })

  test.each(['300_000_000', '530_000_000'])('a file of %s bytes', (bytes) => {
    put('stack.ts', ofSize(bytes))
    const { code, err } = erlmcp('synth')
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringContaining('expected at most 100 MB'),
    })
  })

  test('a folder that is gone', () => {
    mkdirSync(join(folder, 'gone'))
    const script = `cd gone; rmdir ../gone; ${process.execPath} "$0" check --format json ../stack.ts`
    const { code, out, err } = sh(script)
    expect(err).toContain('the working folder was deleted')
    expect(JSON.parse(out)).toMatchObject({ code: 3 })
    expect(code).toBe(3)
  })
})
