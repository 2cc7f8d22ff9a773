import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { check, type Diagnostic, type Source, stack, synthesize } from '@erlmcp/core'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseWorkflow } from '../files.ts'
import {
  type Callable,
  type CallSpec,
  call,
  compositeAction,
  inputs,
  type JobSpec,
  job,
  type LocalOptions,
  type PermissionMap,
  run,
  uses,
  type WorkflowSpec,
  workflow,
} from '../index.ts'

const machine = { 'runs-on': 'ubuntu-24.04' } as const
const folder = mkdtempSync(join(tmpdir(), 'erlmcp-call-'))
afterAll(() => rmSync(folder, { recursive: true }))

const deployPath = './.github/workflows/deploy.yml' as const

function onDisk(text: string): void {
  const file = join(folder, deployPath)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function created(sources: readonly Source[]) {
  const { artifacts, diagnostics } = synthesize(stack('shop', sources), { root: folder })
  const file = parse(artifacts.find(({ path }) => path.endsWith('ci.yml'))!.text)
  return { file, diagnostics, artifacts }
}

function calling(
  called: Callable,
  spec: CallSpec = {},
  rest: Partial<WorkflowSpec> = {},
  options?: LocalOptions,
) {
  const jobs = [call('deploy', called, spec)]
  return created([workflow('.github/workflows/ci.yml', { on: 'push', jobs, ...rest }, options)])
}

const rules = (diagnostics: readonly Diagnostic[]) =>
  diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, message }) => `${rule}: ${message}`)

describe('a call of a workflow of the stack', () => {
  const deploy = (spec: Partial<JobSpec>, rest: Partial<WorkflowSpec> = {}) =>
    workflow('.github/workflows/deploy.yml', {
      on: 'workflow_call',
      jobs: [job('deploy', { ...machine, steps: [run('make')], ...spec })],
      ...rest,
    })
  const writing = deploy({ permissions: { contents: 'write', packages: 'read' } })

  it('grants what the jobs of the called workflow ask for', () => {
    const { file, diagnostics } = calling(writing)
    expect(file.jobs.deploy.permissions).toEqual({ contents: 'write', packages: 'read' })
    expect(rules(diagnostics)).toEqual([])
  })

  it('grants what the called workflow says for all of its jobs', () => {
    const { file } = calling(deploy({}, { permissions: { deployments: 'write' } }))
    expect(file.jobs.deploy.permissions).toEqual({ deployments: 'write' })
  })

  it('grants what a job asks for that comes with an output', () => {
    const make = run('make', { id: 'make', outputs: ['a'] })
    const build = job('build', {
      ...machine,
      permissions: { packages: 'write' },
      outputs: { a: make.outputs.a },
      steps: [make],
    })
    const { file } = calling(deploy({ env: { A: build.outputs.a } }))
    expect(file.jobs.deploy.permissions).toEqual({ packages: 'write' })
  })

  it.each<[string, PermissionMap, string]>([
    ['less', { contents: 'read', packages: 'read' }, 'has contents: read, but the job deploy'],
    ['nothing of it', { packages: 'read' }, 'has contents: none'],
  ])('that grants %s is refused: the run would be', (_, permissions, words) => {
    const { diagnostics } = calling(writing, { permissions })
    expect(rules(diagnostics).join()).toContain('workflow/call-permissions')
    expect(rules(diagnostics).join()).toContain(words)
  })

  it('is held against the rights of the whole workflow where the job says none', () => {
    const text =
      'on: push\npermissions: {contents: read}\njobs: {deploy: {uses: ./.github/workflows/deploy.yml}}\n'
    const caller = parseWorkflow('.github/workflows/ci.yml', text)
    const [called] = [...writing.documents({ stack: 'shop' })]
    const context = { documents: [caller, called!], exists: () => undefined, isSecret: () => false }
    expect(rules(check(caller, context)).join()).toContain('workflow/call-permissions')
  })
})

describe('a call by a path', () => {
  const text = (permissions: string, on = 'workflow_call') =>
    `on: ${on}\njobs:\n  ship:\n    runs-on: ubuntu-24.04\n    permissions: ${permissions}\n    steps: [{run: make}]\n`

  it('grants what the file on the disk asks for', () => {
    onDisk(text('{contents: write}'))
    expect(calling(deployPath).file.jobs.deploy.permissions).toEqual({ contents: 'write' })
  })

  it('that grants less is refused', () => {
    onDisk(text('{contents: write, id-token: write}'))
    const { diagnostics } = calling(deployPath, { permissions: { contents: 'write' } })
    expect(rules(diagnostics)).toEqual([
      expect.stringContaining(
        'has id-token: none, but the job ship of ./.github/workflows/deploy.yml needs write',
      ),
    ])
  })

  it('takes everything for what write-all asks', () => {
    onDisk(text('write-all'))
    const { diagnostics } = calling(deployPath, { permissions: { contents: 'write' } })
    expect(rules(diagnostics).join()).toContain('has actions: none')
  })

  it.each<[string, string, CallSpec, string]>([
    ['is not reusable', 'push', {}, 'is not a reusable workflow'],
    [
      'misses an input',
      '{workflow_call: {inputs: {a: {type: string, required: true}}}}',
      {},
      'requires the input a',
    ],
    [
      'has an input of another name',
      '{workflow_call: {inputs: {target: {type: string}}}}',
      { with: { targte: 'x' } },
      'does not declare the input targte',
    ],
    [
      'misses a secret',
      '{workflow_call: {secrets: {T: {required: true}}}}',
      {},
      'requires the secret T',
    ],
  ])('that %s is refused', (_, on, spec, words) => {
    onDisk(text('{}', on))
    expect(rules(calling(deployPath, spec).diagnostics).join()).toContain(words)
  })

  it('that fits has nothing against it', () => {
    onDisk(
      text('{}', '{workflow_call: {inputs: {a: {type: string}}, secrets: {T: {required: true}}}}'),
    )
    const { diagnostics } = calling(deployPath, { with: { a: 'x' }, secrets: 'inherit' })
    expect(rules(diagnostics)).toEqual([])
  })
})

describe('on a server that does not know $/', () => {
  const setup = compositeAction('.github/actions/setup/action.yml', {
    name: 'Setup',
    description: 'First',
    inputs: inputs({ x: {} }),
    steps: [run('make')],
  })
  const deploy = workflow('.github/workflows/deploy.yml', {
    on: 'workflow_call',
    jobs: [job('deploy', { ...machine, steps: [run('make')] })],
  })
  const jobs = [
    job('build', { ...machine, steps: [uses('actions/checkout'), uses(setup)] }),
    call('deploy', deploy),
  ]
  const uses_ = (options?: LocalOptions) => {
    const { file, artifacts } = created([
      workflow('.github/workflows/ci.yml', { on: 'push', jobs }, options),
    ])
    expect(artifacts.map(({ path }) => path)).toContain(setup.path)
    return [file.jobs.build.steps[1].uses, file.jobs.deploy.uses]
  }

  it('files of the repository are named with ./', () => {
    expect(uses_()).toEqual(['$/.github/actions/setup', '$/.github/workflows/deploy.yml'])
    expect(uses_({ local: './' })).toEqual([
      './.github/actions/setup',
      './.github/workflows/deploy.yml',
    ])
  })

  it('an action before the checkout is found', () => {
    const early = [job('build', { ...machine, steps: [uses(setup)] })]
    const spec = { on: 'push', jobs: early } as const
    const { diagnostics } = created([workflow('.github/workflows/ci.yml', spec, { local: './' })])
    expect(rules(diagnostics).join()).toContain('workflow/local-action-before-checkout')
  })

  it('an option that there is not is refused', () => {
    const make = () =>
      workflow('.github/workflows/ci.yml', { on: 'push', jobs }, { prefix: './' } as never)
    expect(make).toThrow('unknown key prefix')
  })
})
