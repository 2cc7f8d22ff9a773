import { check, stack, synthesize } from '@erlmcp/core'
import { describe, expect, it } from 'vitest'
import { parseWorkflow } from '../files.ts'
import {
  expr,
  inputs,
  type JobSpec,
  type JobValue,
  job,
  matrix,
  run,
  type StepValue,
  secrets,
  text,
  uses,
  type WorkflowSpec,
  workflow,
} from '../index.ts'

// What is known before a run, and was not said: GitHub takes these, and they fail or mislead.

const machine = { 'runs-on': 'ubuntu-24.04' } as const
const build = (spec: Partial<JobSpec>): JobValue =>
  job('build', { ...machine, steps: [run('make')], ...spec })

/** The rules that find something, but for notes. */
function found(jobs: readonly JobValue[], on: WorkflowSpec['on'] = 'push'): string[] {
  const flow = workflow('.github/workflows/ci.yml', { on, jobs })
  const { diagnostics } = synthesize(stack('shop', [flow]))
  return diagnostics
    .filter(({ severity }) => severity !== 'note')
    .map(({ rule }) => rule.replace('workflow/', ''))
}

const inSteps = (...steps: StepValue[]) => found([build({ steps })])

describe('inputs of an action that is pinned', () => {
  it('that are misspelt are found, with the one that is meant', () => {
    const step = uses('docker/build-push-action', { with: { 'bulid-args': 'A=1' } as object })
    const flow = workflow('.github/workflows/ci.yml', {
      on: 'push',
      jobs: [build({ steps: [step] })],
    })
    const [diagnostic] = synthesize(stack('shop', [flow])).diagnostics
    expect(diagnostic).toMatchObject({
      rule: 'workflow/action-input-unknown',
      hint: 'Did you mean `build-args`?',
    })
  })

  it('that it does not have are found', () => {
    expect(
      inSteps(uses('sigstore/cosign-installer', { with: { verbose: true } as object })),
    ).toEqual(['action-input-unknown'])
  })

  it('that it requires are found where they are missing', () => {
    expect(inSteps(uses('actions/cache', { with: { path: 'a' } }))).toEqual([
      'action-input-missing',
    ])
    expect(inSteps(uses('actions/upload-artifact', { with: { name: 'a' } }))).toEqual([
      'action-input-missing',
    ])
  })

  it('do not differ by case', () => {
    const given = { PATH: '_build', Key: 'a', enablecrossosarchive: true } as object
    expect(inSteps(uses('actions/cache', { with: given }))).toEqual([])
  })
})

describe('artifacts', () => {
  const upload = (name?: Parameters<typeof text>[1], more: object = {}) =>
    uses('actions/upload-artifact', {
      with: { path: 'a', ...(name !== undefined && { name }), ...more },
    })
  const download = (given: object) => uses('actions/download-artifact', { with: given })
  const axes = matrix({ otp: ['27', '28'], os: ['ubuntu-24.04', 'windows-2025'] })
  const inMatrix = (step: StepValue) =>
    found([build({ strategy: { matrix: axes }, steps: [step] })])

  it.each<[string, StepValue]>([
    ['of one name', upload('build')],
    ['of no name', upload()],
    ['by one of two axes', upload(text`build-${axes.each.otp}`)],
    ['by what is the same in all', upload(text`build-${expr('github.sha')}`)],
  ])('%s in every job of a matrix are found: the second is a conflict', (_, step) => {
    expect(inMatrix(step)).toEqual(['artifact-conflict'])
  })

  it.each<[string, StepValue]>([
    ['a name by all axes', upload(text`build-${axes.each.otp}-${axes.each.os}`)],
    ['a name by the job', upload(text`build-${expr('strategy.job-index')}`)],
    ['overwrite', upload('build', { overwrite: true })],
  ])('nothing is found with %s', (_, step) => {
    expect(inMatrix(step)).toEqual([])
  })

  it('of one name in two jobs are found', () => {
    const other = job('other', { ...machine, steps: [upload('logs')] })
    expect(found([build({ steps: [upload('logs')] }), other])).toEqual(['artifact-conflict'])
  })

  it('that no job uploads are found where they are downloaded', () => {
    const one = build({ steps: [upload('build')] })
    const use = (given: object, needs = [one]) =>
      found([one, job('test', { ...machine, needs, steps: [download(given)] })])
    expect(use({ name: 'biuld' })).toEqual(['artifact-missing'])
    expect(use({ pattern: 'digest-*' })).toEqual(['artifact-missing'])
    expect(use({ name: 'build' }, [])).toEqual(['artifact-missing'])
    expect(use({ name: 'build' })).toEqual([])
    expect(use({ pattern: 'bu*' })).toEqual([])
    expect(use({})).toEqual([])
    expect(use({ name: 'x', 'run-id': 7, 'github-token': secrets('T') })).not.toContain(
      'artifact-missing',
    )
  })
})

describe('true or false compared with a text', () => {
  const given = inputs({ dry: { type: 'boolean' }, target: {} })
  const { dry, target } = given.value
  const on = { workflow_dispatch: { inputs: given } }
  const version = run('make', { id: 'v', outputs: ['done'] })
  const of = (...steps: StepValue[]) => found([build({ steps })], on)

  it.each<[string, StepValue[]]>([
    ['an input', [run('a', { if: expr`${dry} == 'true'` })]],
    ['an input, the other way round', [run('a', { if: expr`'false' != ${dry}` })]],
    ['a part of the event', [run('a', { if: "github.event.pull_request.draft == 'false'" })]],
    [
      'an output, compared with true',
      [version, run('a', { if: expr`${version.outputs.done} == true` })],
    ],
    ['a text input, compared with true', [run('a', { if: expr`${target} == ${true}` })]],
  ])('is found for %s', (_, steps) => {
    expect(of(...steps)).toEqual(['boolean-compared-with-text'])
  })

  it.each<[string, StepValue[]]>([
    ['an input as it is', [run('a', { if: dry })]],
    ['a text with a text', [run('a', { if: expr`${target} == 'true'` })]],
    ['what a dispatch sent', [run('a', { if: "github.event.inputs.dry == 'true'" })]],
  ])('is not found for %s', (_, steps) => {
    expect(of(...steps)).toEqual([])
  })

  it('is found for a value of the matrix', () => {
    const axes = matrix({ slow: [true, false] })
    const steps = [run('a', { if: expr`${axes.each.slow} == 'true'` })]
    expect(found([build({ strategy: { matrix: axes }, steps })])).toEqual([
      'boolean-compared-with-text',
    ])
  })
})

describe('a matrix', () => {
  const push = run('make push', { id: 'push', outputs: ['digest'] })
  const after = (one: JobValue<'digest'>) =>
    job('sign', { ...machine, steps: [run('a', { env: { D: one.outputs.digest } })] })
  const pushing = (otp: readonly string[]) =>
    job('build', {
      ...machine,
      strategy: { matrix: matrix({ otp }) },
      outputs: { digest: push.outputs.digest },
      steps: [push],
    })

  it('of which every job writes one output is found: the last one wins', () => {
    expect(found([after(pushing(['27', '28']))])).toEqual(['matrix-output'])
    expect(found([after(pushing(['28']))])).toEqual([])
  })

  it('with a version as a number is found: 3.10 is 3.1', () => {
    expect(found([build({ strategy: { matrix: matrix({ python: [3.9, 3.1] }) } })])).toEqual([
      'version-as-number',
      'version-as-number',
    ])
    expect(found([build({ strategy: { matrix: matrix({ otp: [27, 28] }) } })])).toEqual([])
    expect(inSteps(uses('actions/setup-node', { with: { 'node-version': 20.1 } }))).toEqual([
      'version-as-number',
    ])
  })

  it('with a version as a number is found in a file, with what it says and means', () => {
    const file = 'on: push\njobs: {a: {runs-on: b, strategy: {matrix: {python: [3.9, 3.10]}}}}\n'
    const [one, ...more] = check(parseWorkflow('a.yml', file)).filter(
      ({ rule }) => rule === 'workflow/version-as-number',
    )
    expect(one).toMatchObject({
      message: '3.10 is a number, which equals 3.1',
      hint: "Write it as text: '3.10'.",
    })
    expect(more).toEqual([])
  })

  it('with a misspelt machine is found, and one of your own is not', () => {
    const on = (os: readonly string[]) => {
      const axes = matrix({ os })
      return found([build({ 'runs-on': axes.each.os, strategy: { matrix: axes } })])
    }
    expect(on(['ubuntu-24.04', 'unbutu-24.04'])).toEqual(['runner-unknown'])
    expect(on(['ubuntu-24.04', 'ubuntu-20.04'])).toEqual(['runner-retired'])
    expect(on(['ubuntu-24.04', 'arc-runner-set'])).toEqual([])
    expect(found([build({ 'runs-on': ['my-scale-set'] })])).toEqual([])
    expect(found([build({ 'runs-on': ['self-hosted', 'lniux'] })])).toEqual(['runner-unknown'])
  })
})

describe('jobs that wait for what never comes', () => {
  it('because the conditions of a chain exclude each other are found', () => {
    const first = build({ if: "github.event_name == 'push'" })
    const then = (condition: string) =>
      job('next', { ...machine, needs: [first], if: condition, steps: [run('a')] })
    const on = ['push', 'pull_request'] as const
    expect(found([then("github.event_name == 'pull_request'")], on)).toEqual(['never-runs'])
    expect(found([then("!cancelled() && github.event_name == 'pull_request'")], on)).toEqual([])
    expect(found([then("github.ref == 'refs/heads/main'")], on)).toEqual([])
  })

  it('because their event is not there are found', () => {
    expect(found([build({ if: "github.event_name == 'release'" })])).toEqual(['never-runs'])
  })
})

describe('a group of runs', () => {
  const of = (
    on: WorkflowSpec['on'],
    concurrency: NonNullable<WorkflowSpec['concurrency']>,
    spec: Partial<JobSpec> = {},
  ) => {
    const flow = workflow('.github/workflows/ci.yml', { on, concurrency, jobs: [build(spec)] })
    const { diagnostics } = synthesize(stack('shop', [flow]))
    return diagnostics
      .map(({ rule }) => rule)
      .filter((rule) => rule.startsWith('workflow/concurrency'))
  }
  const byRef = text`ci-${expr('github.ref')}`

  it.each(['issue_comment', 'pull_request_target', 'issues', 'workflow_run'] as const)(
    'by the ref is found for %s: all runs are of the default branch',
    (event) => {
      expect(of(event, byRef)).toEqual(['workflow/concurrency-shared'])
      expect(of(event, text`ci-${expr('github.run_id')}-${expr('github.ref')}`)).toEqual([])
    },
  )

  it('that a job shares with its own workflow is found: it waits for itself', () => {
    expect(of('push', byRef, { concurrency: byRef })).toEqual(['workflow/concurrency-deadlock'])
    expect(of('push', byRef, { concurrency: 'deploy' })).toEqual([])
  })
})
