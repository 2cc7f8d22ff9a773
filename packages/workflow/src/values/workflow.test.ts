import { type Document, stack, synthesize } from '@erlmcp/core'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  always,
  cancel,
  compositeAction,
  expr,
  github,
  inputs,
  job,
  literal,
  matrix,
  parallel,
  pin,
  printWorkflow,
  requiredCheck,
  run,
  type StepValue,
  text,
  uses,
  type WorkflowFile,
  type WorkflowSpec,
  wait,
  waitAll,
  withReasons,
  workflow,
} from '../index.ts'

const path = '.github/workflows/ci.yml'
const machine = { 'runs-on': 'ubuntu-24.04' } as const
const make = run('make')

function fileOf(spec: Partial<WorkflowSpec>): WorkflowFile {
  const value = workflow(path, {
    on: 'push',
    jobs: [job('build', { ...machine, steps: [make] })],
    ...spec,
  })
  const [document] = [...value.documents({ stack: 'shop' })] as [Document<WorkflowFile>]
  return parse(printWorkflow(document.data))
}

function jobOf(steps: readonly StepValue[]) {
  return fileOf({ jobs: [job('build', { ...machine, steps })] }).jobs.build!
}

describe('because', () => {
  const printed = (reason: string) => {
    const permissions = withReasons({ contents: 'read', packages: 'write' }, { packages: reason })
    const jobs = [job('publish', { ...machine, permissions, steps: [make] })]
    const value = workflow(path, { on: 'push', jobs })
    const [document] = [...value.documents({ stack: 'shop' })] as [Document<WorkflowFile>]
    return printWorkflow(document.data)
  }

  it('says behind a permission what it is for', () => {
    const expected = '    permissions:\n      contents: read\n      packages: write # pushes it\n'
    expect(printed('pushes it')).toContain(expected)
  })

  it('lets no reason out of its comment', () => {
    const { jobs } = parse(printed('x\n      contents: write\u2028#'))
    expect(jobs.publish.permissions).toEqual({ contents: 'read', packages: 'write' })
  })
})

describe('workflow', () => {
  it('has safe defaults', () => {
    expect(fileOf({})).toEqual({
      on: 'push',
      permissions: {},
      defaults: { run: { shell: 'bash' } },
      concurrency: {
        group: 'ci.yml-${{ github.event_name }}-${{ github.run_id }}',
        'cancel-in-progress': false,
      },
      jobs: {
        build: { 'runs-on': 'ubuntu-24.04', 'timeout-minutes': 30, steps: [{ run: 'make' }] },
      },
    })
  })

  it('has no concurrency where its caller has it, or where it is left', () => {
    expect(fileOf({ on: { workflow_call: null } }).concurrency).toBeUndefined()
    expect(fileOf({ concurrency: false }).concurrency).toBeUndefined()
  })

  it('takes in the jobs that its jobs need, each before who needs it', () => {
    const build = job('build', { ...machine, outputs: { version: '1' }, steps: [make] })
    const lint = job('lint', { ...machine, steps: [make] })
    const env = { VERSION: build.outputs.version }
    const test = job('test', { ...machine, needs: [lint], steps: [run('make test', { env })] })
    const { jobs } = fileOf({ jobs: [test] })
    expect(Object.keys(jobs)).toEqual(['lint', 'build', 'test'])
    expect(jobs.test).toMatchObject({ needs: ['lint', 'build'] })
  })

  it('takes in the actions of this repository, with what they read', () => {
    const setup = compositeAction('.github/actions/setup/action.yml', {
      name: 'Setup',
      description: 'What comes first',
      steps: [uses('actions/checkout'), make],
    })
    const one = job('build', { ...machine, steps: [uses(setup)] })
    const { artifacts } = synthesize(stack('shop', [workflow(path, { on: 'push', jobs: [one] })]))
    expect(artifacts.map((artifact) => artifact.path)).toEqual([setup.path, path])
    expect(parse(artifacts[0]!.text).runs.steps[1]).toEqual({ run: 'make', shell: 'bash' })
    expect(parse(artifacts[1]!.text).jobs.build).toMatchObject({
      permissions: { contents: 'read' },
      steps: [{ uses: '$/.github/actions/setup' }],
    })
  })

  it('pins actions, and puts the version behind the commit', () => {
    const mine = pin('acme/tool', 'v1.2.3', 'c'.repeat(40))
    const jobs = [job('build', { ...machine, steps: [uses('actions/checkout'), uses(mine)] })]
    const { artifacts } = synthesize(stack('shop', [workflow(path, { on: 'push', jobs })]))
    expect(artifacts[0]!.text).toContain(
      'uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1\n',
    )
    expect(artifacts[0]!.text).toContain(`uses: acme/tool@${'c'.repeat(40)} # v1.2.3\n`)
  })

  it('knows the outputs of the actions that it pins', () => {
    const image = uses('docker/build-push-action', { id: 'image', outputs: ['digest'] })
    const sign = run('cosign sign "$DIGEST"', { env: { DIGEST: image.outputs.digest } })
    expect(jobOf([image, sign]).steps?.[1]?.env).toEqual({
      DIGEST: '${{ steps.image.outputs.digest }}',
    })
    const wrong = { id: 'image', outputs: ['digset' as 'digest'] } as const
    expect(() => uses('docker/build-push-action', wrong)).toThrow(
      'Use one of digest, imageid, metadata.',
    )
  })

  it("prefers the project's own pins", () => {
    const lock = { 'actions/checkout': { tag: 'v8.0.0', sha: 'a'.repeat(40) } }
    const value = workflow(path, {
      on: 'push',
      jobs: [job('build', { ...machine, steps: [uses('actions/checkout')] })],
    })
    const read = () => JSON.stringify(lock)
    const [document] = [...value.documents({ stack: 'shop', read })] as [Document<WorkflowFile>]
    expect(document.data.jobs.build?.steps?.[0]?.uses).toBe(`actions/checkout@${'a'.repeat(40)}`)
  })

  it('writes conditions without braces, and everything else with them', () => {
    const onMain = expr`${github.ref} == ${"it's"} || ${true}`
    const step = run('make', { if: expr`${onMain} && ${always()}`, name: text`on ${github.ref}!` })
    expect(jobOf([step]).steps?.[0]).toMatchObject({
      if: "(github.ref == 'it''s' || true) && (always())",
      name: 'on ${{ github.ref }}!',
    })
  })
})

describe('an invalid reference', () => {
  const built = run('make', { id: 'built', outputs: ['digest'] })
  const env = { DIGEST: built.outputs.digest }
  const versions = matrix({ otp: ['27', '28'] })
  const given = inputs({ target: {} })
  const server = run('make serve', { id: 'server', background: true })

  it.each([
    [
      'an output of a later step',
      [run('use', { env }), built],
      'the step built does not come before it',
    ],
    [
      'an output of a step of no job',
      [run('use', { env })],
      'the step built does not come before it',
    ],
    [
      'an output of a step at its side',
      [parallel([built, run('use', { env })])],
      'does not come before it',
    ],
    [
      'a value of another matrix',
      [run('use', { env: { OTP: versions.each.otp } })],
      'has another matrix',
    ],
    [
      'inputs of another file',
      [run('use', { env: { T: given.value.target } })],
      'undeclared inputs',
    ],
    ['a step that has not begun', [cancel(server), server], 'does not come before it'],
    ['two steps of one id', [built, built], 'duplicate step id built'],
  ])('%s is rejected', (_, steps, words) => {
    expect(() => jobOf(steps)).toThrow(words)
  })

  it('reports the line of the author', () => {
    expect(() => jobOf([run('use', { env })])).toThrow(/workflow\.test\.ts:\d+:\d+/)
  })

  it.each([
    ['an expression in a script', () => run(String('echo ${{ github.ref }}') as 'echo')],
    ['an expression in text', () => jobOf([run('a', { name: 'on ${{ github.ref }}' })])],
    ['an invalid expression', () => expr`github.ref = 'x'`],
    ['an unknown function', () => expr`begins(github.ref, 'x')`],
    ['too few arguments', () => expr`contains(github.ref)`],
    ['an unknown context', () => expr`git.ref`],
    ['a wait for a step in the foreground', () => wait(run('make', { id: 'a' }))],
    ['a wait in parallel', () => parallel([waitAll()])],
    ['a step in the background in parallel', () => parallel([run('a', { background: true })])],
    ['an invalid id', () => run('make', { id: 'a b' })],
    ['an invalid name of a variable', () => jobOf([run('a', { env: { 'A-B': 'c' } })])],
    ['a short commit', () => pin('acme/tool', 'v1', 'c0ffee')],
    ['a workflow elsewhere', () => workflow('ci.yml', { on: 'push', jobs: [] })],
    [
      'an action without its name',
      () => compositeAction('setup.yml', { name: '', description: '', steps: [] }),
    ],
    [
      'an input that an action does not have',
      () => {
        const action = compositeAction('a/action.yml', {
          name: 'a',
          description: 'a',
          steps: [make],
        })
        return jobOf([uses(action, { with: { b: 'c' } })])
      },
    ],
    [
      'an expression in code',
      () => {
        const script = pin('actions/github-script', 'v8.0.0', 'c'.repeat(40))
        return jobOf([uses(script, { with: { script: text`a(${github.ref})` } })])
      },
    ],
    [
      'two jobs of one id',
      () => {
        const one = job('a', { ...machine, steps: [make] })
        return fileOf({ jobs: [one, job('A', { ...machine, steps: [make] })] })
      },
    ],
  ])('%s is rejected', (_, make) => {
    expect(make).toThrow(/\n {2}\S/)
  })

  it('takes text that means an expression as text', () => {
    expect(jobOf([run(literal('grep "${{ a }}"'))]).steps?.[0]).toEqual({
      run: `grep "\${{ '\${{' }} a }}"`,
    })
  })
})

describe('required', () => {
  it('runs always, and knows the result of every job', () => {
    const jobs = ['a', 'b'].map((id) => job(id, { ...machine, steps: [make] }))
    const { gate } = fileOf({ jobs: [requiredCheck('gate', [jobs[0]!, jobs[1]!])] }).jobs
    expect(gate).toMatchObject({ if: 'always()', needs: ['a', 'b'] })
    expect(gate?.steps?.[0]?.env).toEqual({
      RESULT_1: '${{ needs.a.result }}',
      RESULT_2: '${{ needs.b.result }}',
    })
  })
})
