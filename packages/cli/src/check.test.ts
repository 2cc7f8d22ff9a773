import { describe, expect, test } from 'vitest'
import { erlmcp, faulty, plain, put } from './testing/project.ts'

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

  test('a file that is not there is named, not shown', () => {
    put('stack.ts', plain)
    expect(erlmcp('check')).toEqual({
      code: 1,
      out: '',
      err: 'erlmcp: a.txt is missing\nerlmcp: run `erlmcp synth`\n',
    })
    expect(erlmcp('diff').out).toContain('+one\n')
  })

  test('the command that mends it is the one for this stack', () => {
    put('other.ts', plain)
    expect(erlmcp('check', 'other.ts').err).toContain('run `erlmcp synth other.ts`')
    erlmcp('synth', 'other.ts')
    put('a.txt', 'mine')
    const { err } = erlmcp('check', 'other.ts')
    expect(err).toContain('a.txt was edited since it was made\n  Move your change into the stack.')
    expect(err).toContain('run `erlmcp synth other.ts --force`')
  })

  test('errors come last, where they are seen', () => {
    put('stack.ts', faulty('error'))
    const { err } = erlmcp('check')
    expect(err).toMatch(
      /a\.txt is missing\nstack\.ts:11:14: error: .*\n.*\nerlmcp: mend the errors/,
    )
  })
})
