import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { erlmcp, folder, put, read, useProject } from '../../testing/project.ts'

useProject()

const workflow = fileURLToPath(new URL('../../../../workflow', import.meta.url))
const ci = '.github/workflows/ci.yml'
const lock = '.github/pins.json'

const stack = `import { stack } from '@erlmcp/core'
import { job, pin, uses, workflow } from '@erlmcp/workflow'
const tool = pin('acme/tool', 'v1.0.0', 'COMMIT')
export default stack('shop', [
  workflow('${ci}', {
    on: 'push',
    jobs: [job('build', { 'runs-on': 'ubuntu-24.04', steps: [uses(tool)] })],
  }),
])
`

/** Makes a commit with a tag in the repository of the action. */
function release(tag: string): string {
  const git = (...argv: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...argv], {
      cwd: join(folder, 'acme/tool'),
      encoding: 'utf8',
    }).trim()
  git('commit', '-q', '--allow-empty', '-m', tag)
  git('tag', '-f', tag)
  return git('rev-parse', 'HEAD')
}

let first: string
beforeEach(() => {
  symlinkSync(workflow, join(folder, 'node_modules/@erlmcp/workflow'))
  mkdirSync(join(folder, 'acme/tool'), { recursive: true })
  execFileSync('git', ['init', '-q'], { cwd: join(folder, 'acme/tool') })
  vi.stubEnv('GITHUB_SERVER_URL', `file://${folder}`)
  first = release('v1.0.0')
  put('stack.ts', stack.replace('COMMIT', first))
  expect(erlmcp('synth').code).toBe(0)
})

test('a lock that cannot be read is made again of the workflows, as its message says', () => {
  put(lock, '{')
  const { code, err } = erlmcp('pins', 'import')
  expect([code, err]).toEqual([2, expect.stringContaining('or remove it: `erlmcp pins import`')])
  rmSync(join(folder, lock))
  expect(erlmcp('pins', 'import').code).toBe(0)
})

describe('pins update', () => {
  test('takes the newest version, which the next synth prints', () => {
    const second = release('v1.1.0')
    const { code, out } = erlmcp('pins', 'update')
    expect({ code, out }).toEqual({
      code: 0,
      out: `acme/tool v1.0.0 → v1.1.0 ${second}\nwrote ${lock}; now run \`erlmcp synth\`\n`,
    })
    expect(erlmcp('synth').code).toBe(0)
    expect(read(ci)).toContain(`uses: acme/tool@${second} # v1.1.0\n`)
    expect(erlmcp('pins', 'update').out).toBe('every action is up to date\n')
  })

  test('does not follow a tag that was moved', () => {
    const second = release('v1.0.0')
    const { code, err } = erlmcp('pins', 'update')
    expect(code).toBe(1)
    expect(err).toContain(`acme/tool: tag v1.0.0 moved from ${first} to ${second}`)
  })

  test('ends with 3 where the network is not there', () => {
    vi.stubEnv('GITHUB_SERVER_URL', `file://${folder}/nowhere`)
    const { code, err } = erlmcp('pins', 'update')
    expect(code).toBe(3)
    expect(err).toMatch(/cannot read the tags of .*\n {2}Check the network/)
  })
})

describe('pins import', () => {
  test('keeps what Dependabot wrote: the next synth changes nothing', () => {
    const bumped = read(ci).replace(`${first} # v1.0.0`, `${'b'.repeat(40)} # v1.2.0`)
    put(ci, bumped)
    expect(erlmcp('pins', 'import')).toMatchObject({ code: 0, err: '' })
    expect(erlmcp('synth')).toMatchObject({ code: 0, err: '' })
    expect(erlmcp('check')).toMatchObject({ code: 0 })
    expect(read(ci)).toBe(bumped)
  })

  test('says so where nothing changed', () => {
    expect(erlmcp('pins', 'import')).toMatchObject({
      code: 0,
      out: 'every action is up to date\n',
    })
  })
})
