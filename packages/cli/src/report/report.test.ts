import { describe, expect, test } from 'vitest'
import { erlmcp, faulty, plain, put, useProject } from '../testing/project.ts'

useProject()

describe('diagnostics for programs', () => {
  test('--format json is one document', () => {
    put('stack.ts', faulty('error'))
    const { out } = erlmcp('synth', '--format=json')
    expect(JSON.parse(out)).toMatchObject({
      written: false,
      diagnostics: [{ rule: 'example/bad', file: 'stack.ts', line: 11, severity: 'error' }],
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

  test('--format json prints a UserError as JSON, too', () => {
    put('stack.ts', 'export default 42')
    const { code, out } = erlmcp('check', '--format=json')
    expect(JSON.parse(out)).toMatchObject({
      code,
      error: { message: expect.stringContaining('expected a stack') },
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
