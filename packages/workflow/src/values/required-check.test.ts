import { spawnSync } from 'node:child_process'
import { type Artifact, stack, synthesize } from '@erlmcp/core'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  expr,
  github,
  type JobSpec,
  type JobValue,
  job,
  type RequiredCheckOptions,
  requiredCheck,
  run,
  type WorkflowSpec,
  workflow,
} from '../index.ts'

const machine = { 'runs-on': 'ubuntu-24.04' } as const
const simple = (id: string, spec: Partial<JobSpec> = {}): JobValue =>
  job(id, { ...machine, steps: [run('make')], ...spec }) as JobValue

const look = run('git diff --name-only', { id: 'look', outputs: ['docs'] })
const changes = job('changes', { ...machine, outputs: { docs: look.outputs.docs }, steps: [look] })
const test = simple('test')
const docs = simple('docs', { if: expr`${changes.outputs.docs} == 'true'` })

function created(
  jobs: readonly [JobValue, ...JobValue[]],
  options?: RequiredCheckOptions,
  on: WorkflowSpec['on'] = 'pull_request',
) {
  const flow = workflow('.github/workflows/ci.yml', {
    on,
    jobs: [requiredCheck('gate', jobs, options)],
  })
  const { artifacts, diagnostics } = synthesize(stack('shop', [flow]))
  const file = parse((artifacts[0] as Artifact).text)
  const ids = file.jobs.gate.needs as string[]
  /** Runs the script of the gate with a result for each job. */
  const gate = (results: Readonly<Record<string, string>>) => {
    const [step] = file.jobs.gate.steps
    const env = Object.fromEntries(
      ids.map((id, index) => [`RESULT_${index + 1}`, results[id] ?? 'success']),
    )
    expect(Object.keys(step.env)).toEqual(Object.keys(env))
    const { status } = spawnSync('bash', ['-eo', 'pipefail', '-c', step.run], { env })
    return status === 0 ? 'passed' : 'failed'
  }
  return { gate, ids, rules: diagnostics.map(({ rule, message }) => `${rule}: ${message}`) }
}

describe('required', () => {
  it.each([
    ['passes', { test: 'success' }, 'passed'],
    ['fails for a failed job', { test: 'failure' }, 'failed'],
    ['fails for a cancelled job', { test: 'cancelled' }, 'failed'],
    ['fails for a skipped job', { test: 'skipped' }, 'failed'],
  ])('%s', (_, results, verdict) => {
    expect(created([test]).gate(results)).toBe(verdict)
  })

  it.each([
    ['passes where a skippable job is skipped', { docs: 'skipped' }, 'passed'],
    ['passes where it ran', {}, 'passed'],
    ['fails where it failed', { docs: 'failure' }, 'failed'],
    ['fails where it was cancelled', { docs: 'cancelled' }, 'failed'],
    ['fails where another is skipped', { test: 'skipped' }, 'failed'],
    [
      'fails where it is skipped because what decides failed',
      { changes: 'failure', docs: 'skipped' },
      'failed',
    ],
  ])('%s', (_, results, verdict) => {
    const { gate, ids } = created([test, docs], { skippable: [docs] })
    expect(ids).toEqual(['test', 'docs', 'changes'])
    expect(gate(results)).toBe(verdict)
  })

  it('requires also the jobs whose outputs a skippable job uses, all the way', () => {
    const first = simple('first')
    const inner = job('build', {
      ...machine,
      needs: [first],
      outputs: { v: '1' },
      steps: [run('make')],
    })
    const late = simple('late', {
      if: expr`${github.event_name} == 'push'`,
      steps: [run('make', { env: { V: inner.outputs.v } })],
    })
    const { ids, gate } = created([late], { skippable: [late] })
    expect(ids).toEqual(['late', 'build', 'first'])
    expect(gate({ first: 'failure', build: 'skipped', late: 'skipped' })).toBe('failed')
  })

  it('refuses a skippable job that it does not have', () => {
    expect(() => requiredCheck('gate', [test], { skippable: [docs] })).toThrow('not among its jobs')
    expect(() => requiredCheck('gate', [test], { skipable: [] } as never)).toThrow('`skippable`')
  })
})

describe('a required job with a condition is reported', () => {
  it('where every pull request that skips it is red', () => {
    expect(created([test, docs]).rules).toEqual([
      'workflow/required-conditional: the job gate fails when the job docs is skipped: its condition skips it',
    ])
  })

  it('also where the condition is of a job that it needs', () => {
    const after = simple('after', { needs: [docs] })
    expect(created([after]).rules.join()).toContain('the condition of docs skips both')
  })

  it.each<[string, Partial<JobSpec>]>([
    ['runs always', { if: 'always()' }],
    ['runs unless cancelled', { if: '!cancelled()' }],
    ['has no condition', {}],
    ['runs after what was skipped', { needs: [docs], if: 'always()' }],
  ])('and not where it %s', (_, spec) => {
    expect(created([simple('a', spec)]).rules).toEqual([])
  })

  it('and not where it may be skipped', () => {
    expect(created([test, docs], { skippable: [docs] }).rules).toEqual([])
  })
})

describe('a required check that a filter skips is reported', () => {
  it.each<[string, WorkflowSpec['on']]>([
    ['paths', { pull_request: { paths: ['src/**'] } }],
    ['paths-ignore', { pull_request: { 'paths-ignore': ['docs/**'] } }],
    ['paths of a merge queue', { pull_request: { paths: ['src/**'] }, merge_group: null }],
    ['branches-ignore', { pull_request: { 'branches-ignore': ['wip/**'] } }],
    ['branches', { push: { branches: ['main', 'release'] }, pull_request: { branches: ['main'] } }],
    ['types', { pull_request: { types: ['opened'] } }],
  ])('behind %s', (_, on) => {
    expect(created([test], {}, on).rules.join()).toMatch(/required-unreported|merge-queue-blocked/)
  })

  it.each<[string, WorkflowSpec['on']]>([
    ['filters pushes alone', { push: { paths: ['src/**'] }, pull_request: null }],
    [
      'is for the branches of its pushes',
      { push: { branches: ['main'] }, pull_request: { branches: ['main'] } },
    ],
  ])('and not where it %s', (_, on) => {
    expect(created([test], {}, on).rules).toEqual([])
  })
})
