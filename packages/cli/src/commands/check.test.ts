import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../run.ts'
import { erlmcp, faulty, folder, plain, put, shell, useProject } from '../testing/project.ts'

useProject()

describe('check and diff', () => {
  test('say yes when nothing differs, and no with the difference', () => {
    put('stack.ts', plain)
    erlmcp('synth')
    expect(erlmcp('check')).toEqual({
      code: 0,
      out: 'erlmcp: ok: 1 file matches the stack\n',
      err: '',
    })
    expect(erlmcp('diff')).toEqual({ code: 0, out: '', err: '' })
    put('stack.ts', plain.replace("'one'", "'two'"))
    const { code, err } = erlmcp('check')
    expect(code).toBe(1)
    expect(err).toMatch(
      /^a\.txt is out of date\nerlmcp: check failed: 1 file differs from the stack; run `erlmcp synth`$/m,
    )
    const shown = erlmcp('diff')
    expect(shown.code).toBe(1)
    expect(shown.out).toMatch(/^-one\n\+two$/m)
  })

  test('a file that is not there is named, not shown', () => {
    put('stack.ts', plain)
    expect(erlmcp('check')).toEqual({
      code: 1,
      out: '',
      err: 'a.txt is missing\nerlmcp: check failed: 1 file differs from the stack; run `erlmcp synth`\n',
    })
    expect(erlmcp('diff').out).toContain('+one\n')
  })

  test('the hint names the command for this stack', () => {
    put('other.ts', plain)
    expect(erlmcp('check', 'other.ts').err).toContain('run `erlmcp synth other.ts`')
    erlmcp('synth', 'other.ts')
    put('a.txt', 'mine')
    const { err } = erlmcp('check', 'other.ts')
    expect(err).toContain(
      'a.txt was edited since it was generated\n  Move your change into the stack.',
    )
    expect(err).toContain('move it into the stack, then run `erlmcp synth other.ts`')
    expect(err).not.toContain('--force')
  })

  test('errors come first, then the files, and what to do in the last line', () => {
    put('stack.ts', faulty('error'))
    const { err } = erlmcp('check')
    expect(err).toMatch(
      /^stack\.ts:11:14: error: .*\n.*\na\.txt is missing\nerlmcp: check failed: 1 error, 1 file differs from the stack; fix the errors first\n$/,
    )
  })

  test('differences are shown to those who ask', () => {
    put('stack.ts', plain)
    erlmcp('synth')
    put('stack.ts', plain.replace("'one'", "'two'"))
    expect(erlmcp('check').err).not.toContain('+two')
    expect(erlmcp('check', '--diff').err).toContain('-one\n+two\n')
  })

  test('notes are counted, shown on request, and muted by the stack in one line', () => {
    put('stack.ts', faulty('note'))
    expect(erlmcp('synth').out).toBe('erlmcp: 1 file, 1 new; 1 note, see erlmcp check --notes\n')
    const { code, out, err } = erlmcp('check')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('1 file matches the stack; 1 note (--notes shows notes)')
    expect(erlmcp('check', '--notes').err).toMatch(/^stack\.ts:11:14: note: this text is bad/)
    for (const id of ['example/bad', 'example/*', '*']) {
      put('stack.ts', faulty('note').replace(/\)\s*$/, `, { mute: ['${id}'] })\n`))
      expect(erlmcp('check', '--notes')).toMatchObject({ code: 0, err: '' })
      expect(erlmcp('check').out).not.toContain('note')
    }
    put('stack.ts', faulty('warning').replace(/\)\s*$/, ", { mute: ['*'] })\n"))
    expect(erlmcp('check').err).toContain('warning: this text is bad')
  })

  test('colours on a terminal alone', async () => {
    put('stack.ts', faulty('error'))
    const printed: string[] = []
    const text = (text: string) => void printed.push(text)
    await run(['check', join(folder, 'stack.ts')], { out: text, err: text, colour: true })
    expect(printed.join('')).toContain('\u001b[31merror:\u001b[0m')
    expect(printed.join('')).toContain('\u001b[31mcheck failed\u001b[0m')
    expect(erlmcp('check').err).not.toContain('\u001b')
    expect(shell('FORCE_COLOR=1 erlmcp check').err).toContain('\u001b[31m')
    expect(shell('FORCE_COLOR=1 NO_COLOR=1 erlmcp check').err).not.toContain('\u001b')
  })

  test('synth names the files that it changes', () => {
    put('stack.ts', plain.replace('[textFile(', "[textFile('b.txt', 'x'), textFile("))
    erlmcp('synth')
    put('stack.ts', plain.replace("'one'", "'two'"))
    expect(erlmcp('synth').out).toBe(
      '  changed a.txt\n  removed b.txt\nerlmcp: 1 file, 1 changed, 1 removed\n',
    )
  })
})
