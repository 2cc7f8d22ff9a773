import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Diagnostic, stack, synthesize } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import {
  call,
  compositeAction,
  inputs,
  type JobSpec,
  job,
  matrix,
  run,
  uses,
  type WorkflowSpec,
  workflow,
} from '../index.ts'

// What authors paste from a workflow file, or write without a compiler.

const path = '.github/workflows/ci.yml'
const build = (spec: object = {}) =>
  job('build', { 'runs-on': 'ubuntu-24.04', steps: [run('make')], ...spec } as JobSpec)

const ci = (spec: object) =>
  workflow(path, { name: 'CI', on: 'push', jobs: [build()], ...spec } as WorkflowSpec)

function project(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'erlmcp-workflow-'))
  execFileSync('git', ['init', '-q'], { cwd: root })
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return root
}

function errorsOf(created: ReturnType<typeof ci>, files?: Record<string, string>): Diagnostic[] {
  const { diagnostics } = synthesize(stack('shop', [created]), { root: project(files) })
  return diagnostics.filter(({ severity }) => severity === 'error')
}

const messages = (spec: object, files?: Record<string, string>) =>
  errorsOf(ci(spec), files).map(({ message }) => message)

describe('what was pasted from GitHub', () => {
  test('an output of workflow_call: with its line, its key, and how to write it', () => {
    const outputs = { tag: { value: '${{ jobs.make-tag.outputs.tag }}' } }
    const make = () =>
      workflow(path, { on: { workflow_call: { outputs } }, jobs: [build()] } as never)
    expect(make).toThrow(
      /pasted\.test\.ts:\d+:\d+: the output tag of .*expected the output of a job or step, got "\$\{\{ jobs/,
    )
    expect(make).toThrow('Write `value: makeTag.outputs.tag`')
    expect(make).not.toThrow(/bug/)
  })

  test.each([
    ['workflow_call', { on: { workflow_call: { inputs: { n: { type: 'string' } } } } }],
    ['workflow_dispatch', { on: { workflow_dispatch: { inputs: { n: { type: 'string' } } } } }],
    ['workflow_call', { on: { workflow_call: { outputs: { o: null } } } }],
  ])('inputs and outputs of %s: %j', (_event, spec) => {
    expect(() => ci(spec)).toThrow(/expected .*\n {2}Write `/)
  })

  test('outputs that are text', () => {
    const spec = { on: { workflow_call: { outputs: 'o' } } }
    expect(() => ci(spec)).toThrow('expected an object, got "o"')
  })

  test('inputs and outputs of a composite action', () => {
    const action = (spec: object) =>
      compositeAction('.github/actions/a/action.yml', {
        name: 'A',
        description: 'a',
        steps: [run('make')],
        ...spec,
      })
    expect(() => action({ inputs: { n: { required: true } } })).toThrow(/value of inputs\(…\)/)
    expect(() => action({ outputs: { o: { value: '${{ steps.s.outputs.o }}' } } })).toThrow(
      'Write `value: s.outputs.o`',
    )
  })
})

test('a composite action whose required input is not given', () => {
  const given = inputs({ name: { type: 'string', required: true } })
  const action = compositeAction('.github/actions/a/action.yml', {
    name: 'A',
    description: 'a',
    inputs: given,
    steps: [run('make', { env: { NAME: given.value.name } })],
  })
  const withStep = (options: object) => () =>
    messages({ jobs: [build({ steps: [uses('actions/checkout'), uses(action, options)] })] })
  expect(withStep({})).toThrow('action.yml requires the input name')
  expect(withStep({ with: { name: 'a' } })()).toEqual([])
})

describe('a call', () => {
  const callable = (jobs: string) => `on: {workflow_call: null}\npermissions: {}\njobs: ${jobs}\n`
  const calls = (name: string) => ({
    jobs: [call('c', `./.github/workflows/${name}`)],
    on: { workflow_call: null, push: null },
  })

  test('of a file that is not there', () => {
    expect(messages(calls('nope.yml'))).toEqual(['missing file .github/workflows/nope.yml'])
  })

  test('of itself, also by another workflow, and also when it was written before', () => {
    const before = { [path]: callable('{c: {uses: ./.github/workflows/ci.yml}}') }
    const itself = '.github/workflows/ci.yml calls itself'
    expect(messages(calls('ci.yml'))).toContain(itself)
    expect(messages(calls('ci.yml'), before)).toContain(itself)
    const other = {
      '.github/workflows/b.yml': callable('{d: {uses: ./.github/workflows/ci.yml}}'),
    }
    expect(messages(calls('b.yml'), other)).toContain(
      '.github/workflows/ci.yml calls .github/workflows/b.yml, which calls it again',
    )
  })

  test('of a file that is there', () => {
    const text = callable('{d: {runs-on: ubuntu-24.04, timeout-minutes: 5, steps: [{run: make}]}}')
    expect(messages(calls('b.yml'), { '.github/workflows/b.yml': text })).toEqual([])
  })
})

describe('from JavaScript', () => {
  const axes = matrix({ v: [1] })

  test.each<[() => unknown, string]>([
    [() => ci({ on: { pull_request: { types: ['open'] } } }), 'an activity type of pull_request'],
    [() => ci({ on: { issues: { types: 'label' } } }), 'an activity type of issues, got "label"'],
    [
      () => ci({ concurrency: { group: 'g', 'cancel-in-progress': 'maybe' } }),
      'concurrency.cancel-in-progress of .github/workflows/ci.yml: expected a boolean or an expression',
    ],
    [() => build({ 'continue-on-error': 'yes' }), 'continue-on-error of job build: expected'],
    [() => run('make', { 'timeout-minutes': '5' as never }), 'expected a number or an expression'],
    [
      () => build({ strategy: { matrix: axes, 'fail-fast': 1 } }),
      'strategy.fail-fast of job build: expected a boolean or an expression, got 1',
    ],
  ])('%s is rejected', (make, message) => {
    expect(make).toThrow(message)
  })

  test.each([
    [
      { jobs: [build({ strategy: { matrix: matrix({ v: [1], exclude: [{ v: 1 }] }) } })] },
      'exclude leaves no combination of the matrix of build',
    ],
    ...['/', ':', '"', '<', '>', '|', '*', '?', '\\'].map((sign) => [
      {
        jobs: [
          build({
            steps: [uses('actions/upload-artifact', { with: { name: `a${sign}b`, path: 'p' } })],
          }),
        ],
      },
      `invalid character ${JSON.stringify(sign)} in the artifact name a${sign}b`,
    ]),
    [
      { jobs: [build({ container: { image: 'erlang:28', options: '--cpus 1 --network=host' } })] },
      'invalid option --network: GitHub sets it',
    ],
    ...[99999, '0', '80:70000', 'http', '1-70000'].map((port) => [
      { jobs: [build({ services: { db: { image: 'postgres:17', ports: [port] } } })] },
      `invalid port ${JSON.stringify(String(port))}: expected 1 to 65535, as in '8080:80'`,
    ]),
  ] as [object, string][])('%j', (spec, message) => {
    expect(messages(spec)).toContain(message)
  })

  test.each([
    { on: { repository_dispatch: { types: ['mine'] } } },
    {
      on: { pull_request: { types: ['opened', 'enqueued'] }, workflow_run: { workflows: ['CI'] } },
    },
    {
      jobs: [
        build({
          container: { image: 'erlang:28', ports: [80, '8080:80/tcp', '127.0.0.1:0:53/udp'] },
          services: { db: { image: 'postgres:17', ports: ['5000-5010', '[::1]:80:80'] } },
        }),
      ],
    },
    { jobs: [build({ strategy: { matrix: matrix({ v: [1], exclude: [{ v: '1' }] }) } })] },
  ])('is not alarmed by %j', (spec) => {
    expect(messages(spec).filter((text) => !/matches nothing/.test(text))).toEqual([])
  })
})

describe('the help fits the fault', () => {
  const helps = (on: object) => errorsOf(ci({ on })).map(({ hint }) => hint)

  test('thirty inputs', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`i${n}`, {}]))
    expect(helps({ workflow_dispatch: { inputs: inputs(many) } })).toContain(
      'Remove some, or join several into one, such as a JSON text.',
    )
  })

  test('exceptions alone', () => {
    expect(helps({ push: { branches: ['!wip'] } })).toContain(
      "Add a pattern before them: branches: ['**', '!wip'].",
    )
  })
})
