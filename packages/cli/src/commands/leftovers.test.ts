import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test } from 'vitest'
import { erlmcp, folder, put, read, shell, useProject } from '../testing/project.ts'

useProject()

beforeEach(() => {
  for (const name of ['backup', 'compose']) {
    const target = fileURLToPath(new URL(`../../../${name}`, import.meta.url))
    symlinkSync(target, join(folder, 'node_modules/@erlmcp', name))
  }
  put('.gitignore', 'node_modules\n')
  expect(shell('git init -q . && git add -A').code).toBe(0)
})

const stackOf = (
  sources: string,
) => `import { authority, compose, secret, service } from '@erlmcp/compose'
import { backupKey } from '@erlmcp/backup'
import { stack, textFile } from '@erlmcp/core'
const app = (more = {}) => service('app', { image: 'app:1.0', user: '1000:1000',
  healthcheck: { test: ['CMD', '/bin/app', 'ping'] }, ...more })
export default stack('shop', [${sources}])
`
const bare = "compose('compose.yaml', [app()])"

/** What `git add -A` takes. */
const added = () => shell('git add -A && git ls-files').out.split('\n')

/** The first stack with its secrets made, then the other. */
function changed(before: string, after: string) {
  put('stack.ts', stackOf(before))
  expect(erlmcp('synth')).toMatchObject({ code: 0 })
  expect(erlmcp('secrets', 'init')).toMatchObject({ code: 0 })
  put('stack.ts', stackOf(after))
  return erlmcp('synth')
}

describe('git takes no secret that is left behind, and synth says what is left', () => {
  test.each([
    [
      'the last secret is removed',
      "compose('compose.yaml', [app({ secrets: [secret('password')] })])",
      bare,
      'secrets/password',
    ],
    [
      'the folder of the secrets is renamed',
      "compose('compose.yaml', [app({ secrets: [secret('password', { file: './old/password' })] })])",
      "compose('compose.yaml', [app({ secrets: [secret('password', { file: './new/password' })] })])",
      'old/password',
    ],
    [
      'a certificate is removed',
      "compose('compose.yaml', [app({ secrets: [authority('tls').issue('web', { names: ['a.example'] }).key] })]), authority('tls')",
      bare,
      'secrets/tls-ca.key',
    ],
    ['the key of backups is removed', `${bare}, backupKey()`, bare, 'secrets/backup-key'],
    [
      'an ignore file of the stack is removed',
      `${bare}, { documents: () => [textFile('deploy/.gitignore', '.env\\n/state/*.pem\\n')] }`,
      bare,
      'deploy/.env',
    ],
  ])('%s', (_, before, after, left) => {
    const ignored = left.startsWith('deploy/')
    if (ignored) mkdirSync(join(folder, 'deploy'))
    if (ignored) writeFileSync(join(folder, left), 'PASSWORD=known\n')
    const { code, err } = changed(before, after)
    expect(code).toBe(0)
    expect(err).toContain(`stays because it keeps files out of git\n`)
    expect(err).toContain(`    ${left}\n`)
    expect(err).toContain(`rm -r ${left.split('/')[0]}\n`)
    expect(added()).not.toContain(left)
    expect(erlmcp('synth', '--acknowledge')).toMatchObject({ code: 0 })
    // Said once: it is the user's from now on, and `check` has no more to say.
    expect(erlmcp('check')).toMatchObject({ code: 0 })
    expect(erlmcp('synth').err).toBe('')
  })

  test('the stack itself is removed', () => {
    put('stack.ts', stackOf("compose('compose.yaml', [app({ secrets: [secret('password')] })])"))
    erlmcp('synth')
    erlmcp('secrets', 'init')
    renameSync(join(folder, 'stack.ts'), join(folder, 'other.ts'))
    put('other.ts', stackOf("compose('other.yaml', [app()])"))
    const { code, err } = erlmcp('synth', 'other.ts')
    expect([code, err]).toEqual([0, expect.stringContaining('    secrets/password\n')])
    expect(added()).not.toContain('secrets/password')
  })

  test('with --force, too', () => {
    changed("compose('compose.yaml', [app({ secrets: [secret('password')] })])", bare)
    put('stack.ts', stackOf("compose('compose.yaml', [app({ secrets: [secret('password')] })])"))
    erlmcp('synth')
    put('stack.ts', stackOf(bare))
    expect(erlmcp('synth', '--force').err).toContain('    secrets/password\n')
    expect(added()).not.toContain('secrets/password')
  })
})

test('an ignore file goes when nothing that it hides is left', () => {
  put('stack.ts', stackOf("compose('compose.yaml', [app({ secrets: [secret('password')] })])"))
  erlmcp('synth')
  erlmcp('secrets', 'init')
  expect(read('secrets/.gitignore')).toContain('*')
  rmSync(join(folder, 'secrets/password'))
  put('stack.ts', stackOf(bare))
  expect(erlmcp('synth')).toMatchObject({ code: 0 })
  expect(() => read('secrets/.gitignore')).toThrow(/ENOENT/)
})

test.each(["backupKey('keys/backup')", "authority('tls')"])(
  'git ignores the secrets of %s, which no compose file has',
  (source) => {
    put('stack.ts', stackOf(`${bare}, ${source}`))
    erlmcp('synth')
    expect(erlmcp('secrets', 'init')).toMatchObject({ code: 0 })
    expect(added().filter((path) => /^(keys|secrets)\/(?!\.gitignore)/.test(path))).toEqual([])
  },
)
