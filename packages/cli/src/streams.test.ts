import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from './run.ts'
import { erlmcp, folder, plain, put, read, shell, useProject } from './testing/project.ts'

useProject()

/** More than a pipe holds. */
const long = plain.replace("'one'", "'a long line of text\\n'.repeat(50_000)")

describe('pipes', () => {
  test('get the whole answer, however slowly they are read', () => {
    put('stack.ts', long)
    erlmcp('synth')
    put('stack.ts', plain)
    const count = '(sleep 1; wc -l)'
    expect(Number(shell(`erlmcp check --format json | ${count}`).out)).toBeGreaterThan(5)
    expect(Number(shell(`erlmcp diff | ${count}`).out)).toBeGreaterThan(50_000)
    const noisy = "for (let n = 0; n < 5000; n++) console.log('x'.repeat(99))"
    put('stack.ts', `${noisy}\n${plain}`)
    expect(shell(`erlmcp check 2>&1 >/dev/null | ${count}`).out).toMatch(/^50\d\d\n$/)
  })

  test('that are closed early change neither the files nor the exit code', () => {
    put('stack.ts', long)
    const line = '(erlmcp synth --format json; echo "code $?" >&2) | true'
    expect(shell(line)).toMatchObject({ err: 'code 0\n' })
    expect(read('a.txt')).toContain('a long line')
    expect(shell('(erlmcp synth --format github 2>&1; echo "code $?" >code) | true').code).toBe(0)
    expect(read('code')).toBe('code 0\n')
    put('stack.ts', plain)
    expect(shell('(erlmcp diff; echo "code $?" >&2) | head -1').err).toBe('code 1\n')
  })

  test('that cannot be written to are reported', () => {
    put('stack.ts', plain)
    const { code, err } = shell('erlmcp diff >/dev/full')
    expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining('ENOSPC') })
  })
})

describe('work that takes longer than a second', () => {
  const collect = async (text: string, ...argv: string[]) => {
    put('stack.mjs', text)
    const lines: string[] = []
    const output = { out: () => {}, err: () => {}, progress: (line: string) => lines.push(line) }
    expect(await run([...argv, join(folder, 'stack.mjs')], output)).toBe(0)
    return lines
  }
  const text = plain.replace(': string', '')

  test('is shown on a terminal', async () => {
    const slow = `await new Promise((done) => setTimeout(done, 1200))\n${text}`
    expect(await collect(slow, 'synth')).toEqual(['erlmcp: running the stack …\n'])
  })

  test('is not shown in a log', () => {
    put('stack.ts', `await new Promise((done) => setTimeout(done, 1200))\n${plain}`)
    expect(erlmcp('synth')).toEqual({ code: 0, out: 'erlmcp: 1 file, 1 new\n', err: '' })
  })
})
