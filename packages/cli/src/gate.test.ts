import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fakeDocker } from '../../gates/src/testing/fake-docker.ts'
import { erlmcp, folder, put, read } from './testing/project.ts'

const packages = fileURLToPath(new URL('../..', import.meta.url))

const stack = `import { compose } from '@erlmcp/compose'
import { stack } from '@erlmcp/core'
import { gate, gates } from '@erlmcp/gates'
const image = {
  image: 'shop:1', user: '1000:1000', writable: ['/tmp'],
  build: { context: '.', dockerfile: 'Dockerfile', target: 'tools' },
}
const unit = gate('unit', { service: 'shop-unit', command: ['rebar3', 'eunit'], timeout: '1m' })
const lint = gate('lint', {
  service: 'shop-lint', command: ['sh', '-c', 'echo a  b\\n\\x1b[2J'], timeout: '1m', needs: [unit],
})
const quality = gates([lint], { image, sources: ['src'] })
export default stack('shop', [quality, compose('docker-compose.yml', [...quality.services])])
`

let undo: () => void

beforeEach(() => {
  for (const name of ['compose', 'gates']) {
    symlinkSync(join(packages, name), join(folder, 'node_modules/@erlmcp', name))
  }
  mkdirSync(join(folder, 'src'))
  put('stack.ts', stack)
  put('Dockerfile', '')
  undo = () => undefined
  for (const name of ['GITHUB_ACTIONS', 'GITHUB_STEP_SUMMARY']) vi.stubEnv(name, undefined)
  expect(erlmcp('synth').code).toBe(0)
})

afterEach(() => {
  undo()
  vi.unstubAllEnvs()
})

function gateRun(argv: readonly string[] = [], instead = '') {
  undo()
  undo = fakeDocker(join(folder, 'fake'), instead).undo
  return erlmcp('gate', 'run', ...argv)
}

/** A gate that prints this, and fails. */
const failing = (text: string) =>
  `case "$*" in *--no-TTY*) printf '%b' '${text}' ;; inspect*) echo '1 false exited'; exit 0 ;; esac`

describe('gate run', () => {
  test('says what was green, and leaves the reports', () => {
    const { code, out } = gateRun()
    expect(code).toBe(0)
    expect(out).toMatch(/^✓ unit .*\n✓ lint /m)
    for (const name of ['report.html', 'report.json', 'report.sarif', 'junit.xml']) {
      expect(existsSync(join(folder, '.erlmcp/gates', name)), name).toBe(true)
    }
    expect(JSON.parse(gateRun(['--json']).out)).toMatchObject({ verdict: 'green' })
    expect(erlmcp('receipt', 'verify').code).toBe(0)
  })

  test('ends with 1 when a gate is red, also where the page of the job cannot be written', () => {
    vi.stubEnv('GITHUB_STEP_SUMMARY', join(folder, 'src'))
    vi.stubEnv('GITHUB_ACTIONS', 'true')
    const { code, out, err } = gateRun([], failing('no\\n'))
    expect(code).toBe(1)
    expect(out).toContain('- lint')
    expect(err).toMatch(/^erlmcp: no page of the job: EISDIR.*/m)
    expect(err).toMatch(/^::error title=/m)
  })

  test('lets no output be a command of the log of a job', () => {
    vi.stubEnv('GITHUB_ACTIONS', 'true')
    const hostile = `${'x'.repeat(70)} ::add-mask::a\\n::stop-commands::b\\n##[add-mask]c\\n`
    const { out, err } = gateRun([], failing(hostile))
    expect(out).toContain('add-mask')
    expect(out).not.toMatch(/^\s*::|##\[/m)
    expect(err.match(/^::/gm)).toHaveLength(2)
  })

  test.each([
    [['--parallel', '0'], 2, '--parallel 0 is no number of gates'],
    [['lnti'], 2, 'there is no gate "lnti"\n  Did you mean lint? There are unit, lint.'],
    [['other/stack.ts'], 2, 'Write erlmcp gate run --stack other/stack.ts.'],
    [['--key', 'none.pem'], 2, 'none.pem'],
    [['--paralel', '2'], 2, 'did you mean --parallel?'],
    [['--base', 'HEAD; id'], 0, ''],
  ])('%j', (argv, code, words) => {
    const done = gateRun(argv)
    expect(done.err).toContain(words)
    expect(done.err).not.toMatch(/^\s+at /m)
    expect(done.code, done.err).toBe(code)
  })

  test('refuses files that are not the stack’s', () => {
    chmodSync(join(folder, 'docker-compose.yml'), 0o644)
    put('docker-compose.yml', `${read('docker-compose.yml')}# mine\n`)
    const { code, err } = gateRun()
    expect(code).toBe(2)
    expect(err).toContain('Run `erlmcp synth` first')
  })
})

test('gate list shows each command as a shell would read it', () => {
  expect(erlmcp('gate', 'list').out).toBe(
    `unit  shop-unit  rebar3 eunit\nlint  shop-lint  sh -c 'echo a  b\\n\\x1b[2J'\n`,
  )
  const { gates } = JSON.parse(erlmcp('gate', 'list', '--json').out)
  expect(gates[1].command).toEqual(['sh', '-c', 'echo a  b\n\x1b[2J'])
  expect(readFileSync(join(folder, 'docker/gates/run'), 'utf8')).toContain("'rebar3 eunit')")
})
