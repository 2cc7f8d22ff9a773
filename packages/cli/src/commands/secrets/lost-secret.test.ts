import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test } from 'vitest'
import { erlmcp, folder, put, read, silent, useProject, withDocker } from '../../testing/project.ts'

useProject()

beforeEach(() => {
  const target = fileURLToPath(new URL('../../../../compose', import.meta.url))
  symlinkSync(target, join(folder, 'node_modules/@erlmcp/compose'))
  put(
    'stack.ts',
    `import { compose } from '@erlmcp/compose'
import { postgres } from '@erlmcp/compose/services'
import { stack } from '@erlmcp/core'
export default stack('shop', [compose('compose.yaml', [postgres('db', { database: 'shop' })])])
`,
  )
  expect(erlmcp('synth').code).toBe(0)
})

const volume = 'case "$*" in "volume ls --quiet") echo shop_db-data ;; esac'

describe('a secret that was lost beside an old volume', () => {
  test('`secrets init` says that the volume keeps the old password, and what to do', () => {
    const { code, out, err } = withDocker(volume, 'secrets init')
    expect([code, out]).toEqual([0, expect.stringContaining('created secrets/db-password')])
    expect(err).toBe(
      'erlmcp: secrets/db-password is new, but the volume shop_db-data of db exists, and keeps the password that it was created with\n' +
        '  Restore the old password in secrets/db-password; or start db, and rotate its password: erlmcp secrets rotate secrets/db-password; or, if its data may be lost: docker volume rm shop_db-data\n',
    )
    // The second run made nothing.
    expect(withDocker(volume, 'secrets init').err).toBe('')
  })

  test('nothing is reported before the first start, with an engine or without', () => {
    expect(withDocker('exit 0', 'secrets init')).toMatchObject({ code: 0, err: '' })
    rmSync(join(folder, 'secrets/db-password'))
    expect(withDocker(silent, 'secrets init')).toMatchObject({ code: 0, err: '' })
  })

  test('`secrets check` says that it could not try the password at a server that is down', () => {
    erlmcp('secrets', 'init')
    expect(withDocker(volume, 'secrets check')).toEqual({
      code: 0,
      out: 'valid secrets/db-password\n',
      err: 'erlmcp: secrets/db-password was not tried: db does not respond, and its volume shop_db-data keeps a password\n',
    })
    expect(withDocker('exit 0', 'secrets check').err).toBe('')
  })

  test.each([
    ['that is there', volume, 'the volume shop_db-data of db keeps the password'],
    [
      'that no engine tells of',
      silent,
      'the engine does not respond, so the volume shop_db-data of db may keep the password',
    ],
  ])('`secrets rotate --stopped` does not part it from a volume %s', (_, docker, words) => {
    erlmcp('secrets', 'init')
    const old = read('secrets/db-password')
    for (const which of ['db-password', '--all']) {
      const { code, err } = withDocker(docker, `secrets rotate ${which} --stopped`)
      expect([code, err]).toEqual([3, expect.stringContaining(words)])
    }
    expect(read('secrets/db-password')).toBe(old)
  })
})
