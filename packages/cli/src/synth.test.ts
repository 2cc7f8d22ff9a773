import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { erlmcp, faulty, folder, plain, put, read } from './testing/project.ts'

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

  test('a program is told which file is in the way', () => {
    put('stack.ts', plain)
    put('a.txt', 'mine')
    const { code, out } = erlmcp('synth', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      written: false,
      files: [{ path: 'a.txt', action: 'conflict', why: 'was there before and is not ours' }],
    })
  })

  test('a long difference is begun, and diff has all of it', () => {
    put('stack.ts', plain)
    put('a.txt', 'mine\n'.repeat(1000))
    const { err } = erlmcp('synth')
    expect(err.split('\n').length).toBeLessThan(80)
    expect(err).toMatch(/^… \d+ more lines: erlmcp diff$/m)
    expect(erlmcp('diff').out.match(/^-mine$/gm)).toHaveLength(1000)
  })

  test('files say how they are made again, when that takes more words', () => {
    put('other.ts', plain)
    erlmcp('synth', 'other.ts')
    expect(read('a.txt')).toContain('run `npx erlmcp synth other.ts`')
    mkdirSync(join(folder, 'deploy'))
    erlmcp('synth', 'other.ts', '--out', 'deploy')
    expect(read('deploy/a.txt')).toContain('run `npx erlmcp synth ../other.ts --out .`')
    expect(erlmcp('check', 'other.ts', '--out', 'deploy')).toMatchObject({ code: 0, err: '' })
  })

  test('an error in the stack is a diagnostic at its line, and nothing is written', () => {
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
      out: 'erlmcp: 1 file, 1 new; 1 note, see erlmcp check --notes\n',
    })
    expect(erlmcp('check', '--notes')).toMatchObject({
      code: 0,
      err: expect.stringContaining('stack.ts:11:14: note: this text is bad'),
    })
  })

  test('notes of two files that say the same of one line are one, as check shows them', () => {
    const two = faulty('note').replace(
      "[{ path: 'a.txt', format, data }]",
      "['a.txt', 'b.txt'].map((path) => ({ path, format, data }))",
    )
    put('stack.ts', two)
    expect(erlmcp('synth').out).toBe('erlmcp: 2 files, 2 new; 1 note, see erlmcp check --notes\n')
    expect(erlmcp('check', '--notes').err.match(/note:/g)).toHaveLength(1)
  })

  test('--out writes elsewhere', () => {
    put('stack.ts', plain)
    mkdirSync(join(folder, 'deploy'))
    expect(erlmcp('synth', '--out', 'deploy').code).toBe(0)
    expect(read('deploy/a.txt')).toContain('one')
  })
})
