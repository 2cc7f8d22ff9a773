import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fakeEngine } from '../../../../gates/src/testing/fake-engine.ts'
import { erlmcp, folder, put, read, useProject } from '../../testing/project.ts'

useProject()

const packages = fileURLToPath(new URL('../../../..', import.meta.url))

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

beforeEach(() => {
  for (const name of ['compose', 'gates']) {
    symlinkSync(join(packages, name), join(folder, 'node_modules/@erlmcp', name))
  }
  mkdirSync(join(folder, 'src'))
  put('stack.ts', stack)
  put('Dockerfile', '')
  for (const name of ['GITHUB_ACTIONS', 'GITHUB_STEP_SUMMARY']) vi.stubEnv(name, undefined)
  expect(erlmcp('synth').code).toBe(0)
})

afterEach(() => void vi.unstubAllEnvs())

function gateRun(argv: readonly string[] = [], instead = '') {
  fakeEngine(instead)
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
    expect(JSON.parse(gateRun(['--format=json']).out)).toMatchObject({ verdict: 'passed' })
    expect(erlmcp('receipt', 'verify').code).toBe(0)
  })

  test('names the HTML report', () => {
    expect(gateRun().out).toContain('The report: .erlmcp/gates/report.html\n')
  })

  test('names the files that were changed while the gates ran', () => {
    const edit = `case "$*" in *--no-TTY*) echo '%' >>src/new.erl ;; esac`
    const { code, err } = gateRun([], edit)
    expect(code).toBe(1)
    expect(err).toContain(
      'erlmcp: files of the project changed while the gates ran:\n  src/new.erl\n  Run the gates again.\n',
    )
  })

  test('writes its reports through no link, and leaves what it leads to', () => {
    put('precious', 'mine')
    mkdirSync(join(folder, '.erlmcp/gates'), { recursive: true })
    symlinkSync(join(folder, 'precious'), join(folder, '.erlmcp/gates/report.html'))
    expect(gateRun().code).toBe(0)
    expect(read('precious')).toBe('mine')
    expect(read('.erlmcp/gates/report.html')).toContain('<!doctype html>')
  })

  test('--no-build runs in the existing image', () => {
    const { code, err } = gateRun(['--no-build'], 'case "$*" in *" build "*) exit 1 ;; esac')
    expect([code, err.includes('building')]).toEqual([0, false])
    const missing = gateRun(['--no-build'], 'case "$*" in "image inspect"*) exit 1 ;; esac')
    expect(missing.code).toBe(3)
    expect(missing.err).toContain('the image shop:1 is missing')
  })

  test('ends with 1 when a gate is red, also where the page of the job cannot be written', () => {
    vi.stubEnv('GITHUB_STEP_SUMMARY', join(folder, 'src'))
    vi.stubEnv('GITHUB_ACTIONS', 'true')
    const { code, out, err } = gateRun([], failing('no\\n'))
    expect(code).toBe(1)
    expect(out).toContain('- lint')
    expect(err).toMatch(/^erlmcp: the job summary cannot be written: EISDIR.*/m)
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
    [['--parallel', '0'], 2, '--parallel: expected a number from 1 to 999, got "0"'],
    [['lnti'], 2, 'unknown gate "lnti"\n  Did you mean lint?'],
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
  const { gates } = JSON.parse(erlmcp('gate', 'list', '--format=json').out)
  expect(gates[1].command).toEqual(['sh', '-c', 'echo a  b\n\x1b[2J'])
  expect(readFileSync(join(folder, 'docker/gates/run'), 'utf8')).toContain("'' | unit | lint) ;;")
})

describe('two sets of gates', () => {
  const two = stack
    .replace(
      'const quality =',
      `const other = gates([gate('unit', { service: 'other-unit', command: ['rebar3', 'eunit'], timeout: '1m' })],
  { image: { ...image, image: 'shop:2' }, sources: ['src'], name: 'otp27' })
const quality =`,
    )
    .replace('[quality, compose(', '[quality, other, compose(')
    .replace('...quality.services', '...quality.services, ...other.services')

  beforeEach(() => {
    put('stack.ts', two)
    expect(erlmcp('synth').code).toBe(0)
  })

  test('run one after the other, and are one report', () => {
    const { code, out } = gateRun()
    expect(code).toBe(0)
    expect(out).toMatch(/^✓ gates\/unit .*\n✓ gates\/lint .*\n✓ otp27\/unit /m)
    const { gates, image } = JSON.parse(read('.erlmcp/gates/report.json'))
    expect(gates.map(({ service }: { service: string }) => service)).toEqual([
      ...['shop-unit', 'shop-lint', 'other-unit'],
    ])
    expect(image).toContain('shop:2@')
    expect(existsSync(join(folder, '.erlmcp/gates-otp27/unit/result.json'))).toBe(true)
  })

  test('run alone where one is named, by a gate or by --set', () => {
    expect(gateRun(['--set', 'otp27']).out).toMatch(/^\n✓ unit /)
    expect(existsSync(join(folder, '.erlmcp/gates-otp27/report.html'))).toBe(true)
    expect(gateRun(['otp27/unit']).out).toMatch(/^\n✓ unit /)
    expect(gateRun(['unit']).out).toMatch(/✓ gates\/unit [\s\S]*✓ otp27\/unit /)
  })

  test('a green one hides no red one', () => {
    const red = `case "$*" in *" other-unit "*) exit 1 ;; esac`
    const { code, out } = gateRun([], red)
    expect([code, out.includes('✗ otp27/unit')]).toEqual([1, true])
  })

  test('and names that there are not', () => {
    expect(gateRun(['--set', 'otp28']).err).toContain(
      'Did you mean otp27? Use one of gates, otp27.',
    )
    expect(gateRun(['otp27/lint']).err).toContain('Use one of: gates/unit, gates/lint, otp27/unit.')
    expect(erlmcp('gate', 'list').out).toContain('otp27/unit  other-unit  rebar3 eunit')
  })
})

test('rewrite names the services of the gates, whatever their prefix', () => {
  const own = stack.replace("gate('unit'", "gate('eunit'")
  put('stack.ts', own)
  expect(erlmcp('synth').code).toBe(0)
  expect(erlmcp('rewrite', '--', 'rebar3', 'eunit').out).toBe(
    'docker compose run --rm shop-unit rebar3 eunit\n',
  )
})
