import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { run } from './process.ts'

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url))

/** A vitest run of its own, over a file with two engine tests and one other, where no engine answers. */
function runWithoutEngine(env: Record<string, string | undefined>) {
  return run(['npx', 'vitest', 'run', '--root', fixtures, 'two-tests'], {
    cwd: fixtures,
    env: { DOCKER_HOST: 'unix:///nowhere/docker.sock', NO_COLOR: '1', ...env },
  })
}

it('skips without an engine, and says how many and why', async () => {
  const { code, stdout } = await runWithoutEngine({ ERLMCP_ENGINE: undefined })
  expect(stdout).toContain('1 passed | 2 skipped')
  expect(stdout).toMatch(/^2 engine tests skipped: .*unix:\/\/\/nowhere\/docker\.sock/m)
  expect(code).toBe(0)
})

it('fails without an engine that is required', async () => {
  const { code, stdout, stderr } = await runWithoutEngine({ ERLMCP_ENGINE: 'required' })
  expect(stdout + stderr).toContain('ERLMCP_ENGINE=required, but no engine answers')
  expect(code).not.toBe(0)
})
