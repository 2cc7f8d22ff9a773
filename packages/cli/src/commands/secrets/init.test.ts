import { chmodSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { erlmcp, folder, main, put, read, shell, useProject } from '../../testing/project.ts'

useProject()

describe('secrets init', () => {
  const secret = (recipe: string) => `import { stack } from '@erlmcp/core'
const file = { path: 'secrets/cookie', recipe: ${recipe}, readers: [${process.getuid!()}] } as const
export default stack('shop', [{ documents: () => [], secrets: () => [file] }])
`
  test('makes what is missing, keeps what is there, and prints neither', () => {
    put('stack.ts', secret("{ kind: 'random', bytes: 32, encoding: 'hex' }"))
    const first = erlmcp('secrets', 'init')
    expect(first.out).toMatch(/^created secrets\/cookie \(0400/m)
    const made = read('secrets/cookie')
    expect(made).toMatch(/^[0-9a-f]{64}$/)
    expect(first.out + first.err).not.toContain(made.trim())
    expect(erlmcp('secrets', 'init').out).toBe('kept secrets/cookie\n')
    expect(read('secrets/cookie')).toBe(made)
  })

  test('makes none before the .gitignore is there that keeps them from being committed', () => {
    const ignored = "documents: () => [textFile('secrets/.gitignore', '*')]"
    const text = secret("{ kind: 'random', bytes: 32, encoding: 'hex' }")
    put(
      'stack.ts',
      text.replace('documents: () => []', ignored).replace('{ stack', '{ stack, textFile'),
    )
    const { code, err } = erlmcp('secrets', 'init')
    expect(code).toBe(3)
    expect(err).toMatch(/secrets\/\.gitignore does not exist yet.*\n {2}Run `erlmcp synth` first/)
    expect(() => read('secrets/cookie')).toThrow(/ENOENT/)
    erlmcp('synth')
    expect(erlmcp('secrets', 'init')).toMatchObject({ code: 0, err: '' })
    expect(erlmcp('check').code).toBe(0)
  })

  test.skipIf(process.getuid!() !== 0)('tells another user what is closed to them', () => {
    const ignored = "documents: () => [textFile('secrets/.gitignore', '*')]"
    const text = secret("{ kind: 'random', bytes: 32, encoding: 'hex' }")
    put(
      'stack.ts',
      text.replace('documents: () => []', ignored).replace('{ stack', '{ stack, textFile'),
    )
    erlmcp('synth')
    erlmcp('secrets', 'init')
    chmodSync(folder, 0o755)
    const otherUser = 'setpriv --reuid 65534 --regid 65534 --clear-groups'
    const { code, err } = shell(`${otherUser} '${process.execPath}' '${main}' secrets init`)
    expect(code).toBe(1)
    expect(err).toMatch(/^secrets\/cookie: .*(not permitted|denied)/)
  })
})
