import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { erlmcp, folder, put, silent, useProject, withDocker } from '../testing/project.ts'

useProject()

const file = 'services:\n  app: { image: shop:1 }\n'

describe('up and down', () => {
  test('a file that is not there, a folder, a pipe or a device is named, and nothing hangs', () => {
    expect(erlmcp('up')).toMatchObject({
      code: 3,
      err: expect.stringContaining('compose file not found: compose.yaml'),
    })
    spawnSync('mkfifo', [join(folder, 'pipe')])
    for (const path of ['pipe', '/dev/zero', '.']) {
      const { code, err } = erlmcp('up', path)
      expect([code, err]).toEqual([3, expect.stringContaining('expected a compose file, got')])
    }
    expect(erlmcp('down', 'pipe').code).toBe(3)
  })

  test('a wait that is not a number is refused', () => {
    put('compose.yaml', file)
    expect(erlmcp('up', '--wait', 'soon')).toMatchObject({ code: 2 })
    expect(erlmcp('down', '--timeout', '1d')).toMatchObject({ code: 2 })
    expect(erlmcp('up', 'a', 'b')).toMatchObject({ code: 2 })
  })
})

describe('an engine that does not respond exits with 3', () => {
  test.each([
    'up',
    'down',
    'backup create --file compose.yaml',
    'backup recover --file compose.yaml',
  ])('%s', (command) => {
    put('compose.yaml', file)
    const { code, err } = withDocker(silent, command)
    expect([code, err]).toEqual([
      3,
      expect.stringMatching(/^erlmcp: the Docker engine does not answer\n {2}Start it/m),
    ])
  })
})
