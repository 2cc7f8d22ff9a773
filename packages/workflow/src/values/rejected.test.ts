import { type Document, stack, synthesize } from '@erlmcp/core'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  call,
  compositeAction,
  dependabot,
  event,
  expr,
  github,
  inputs,
  type JobSpec,
  type JobValue,
  job,
  matrix,
  pin,
  printWorkflow,
  run,
  secrets,
  text,
  uses,
  type WorkflowFile,
  type WorkflowSpec,
  workflow,
} from '../index.ts'

// What authors without a compiler, or with data from elsewhere, get wrong.

const path = '.github/workflows/ci.yml'

function build(spec: Partial<JobSpec> = {}): JobValue {
  return job('build', { 'runs-on': 'ubuntu-24.04', steps: [run('make')], ...spec })
}

function fileOf(one: JobValue, on: WorkflowSpec['on'] = 'push'): WorkflowFile {
  const value = workflow(path, { on, jobs: [one] })
  const [document] = [...value.documents({ stack: 'shop' })] as [Document<WorkflowFile>]
  return parse(printWorkflow(document.data))
}

function diagnostics(one: JobValue, on: WorkflowSpec['on'] = 'push'): string[] {
  const found = synthesize(stack('shop', [workflow(path, { on, jobs: [one] })])).diagnostics
  return found.map(({ rule }) => rule)
}

describe('a missing value', () => {
  const nothing = (build().outputs as Record<string, never>).version as never

  it.each([
    ['a variable', () => build({ steps: [run('a', { env: { A: nothing } })] })],
    ['an input', () => build({ steps: [uses('actions/cache', { with: { path: nothing } })] })],
    ['an output', () => build({ outputs: { a: nothing } })],
    ['a part of text', () => build({ name: text`v${nothing}` })],
    ['an object', () => build({ env: { A: { b: 1 } as never } })],
  ])('is rejected as %s', (_, make) => {
    expect(() => fileOf(make())).toThrow(/value.*\n {2}\S/)
  })
})

describe('a name', () => {
  it('is what it says, also __proto__', () => {
    const axes = matrix({ ['__proto__']: ['a'] })
    const env = { ['__proto__']: 'b' }
    const file = fileOf(build({ strategy: { matrix: axes }, steps: [run('make', { env })] }))
    const { strategy, steps } = file.jobs.build!
    expect(Object.entries((strategy as { matrix: object }).matrix)).toEqual([['__proto__', ['a']]])
    expect(Object.entries(steps![0]!.env as object)).toEqual([['__proto__', 'b']])
  })

  it.each([
    ['reserved for GitHub', () => run('make', { id: '__a' })],
    ['one too long', () => job('a'.repeat(100), { 'runs-on': 'ubuntu-24.04', steps: [] })],
    [
      'an expression',
      () =>
        fileOf(build({ strategy: { matrix: matrix({ a: [{ '${{ github.head_ref }}': 1 }] }) } })),
    ],
    [
      'no variable of a service',
      () => fileOf(build({ services: { db: { image: 'a:1', env: { 'A=B C': 'x' } } } })),
    ],
  ])('%s is rejected', (_, make) => {
    expect(make).toThrow(/\n {2}\S/)
  })
})

describe('an unknown key', () => {
  it.each([
    ['a job', () => build({ 'time-out': 5 } as object)],
    ['a script', () => run('make', { iff: 'always()' } as object)],
    ['an action', () => uses('actions/checkout', { shell: 'sh' } as object)],
    ['a call', () => call('a', './.github/workflows/a.yml', { 'runs-on': 'b' } as object)],
    ['a workflow', () => workflow(path, { on: 'push', jobs: [build()], permission: {} } as never)],
  ])('is rejected in %s', (_, make) => {
    expect(make).toThrow(/: unknown key .*\n {2}(Did you mean `.*`\?|Use one of .*\.)$/)
  })
})

it('a container may be an image alone', () => {
  const one = build({ container: 'a:1', services: { db: text`postgres:${github.sha}` } })
  expect(fileOf(one).jobs.build).toMatchObject({
    container: 'a:1',
    services: { db: 'postgres:${{ github.sha }}' },
  })
})

describe('expr', () => {
  it.each([
    ['text', () => expr`github.ref == 'refs/heads/${'main'}'`],
    ['an expression', () => expr`github.ref == 'refs/heads/${github.ref_name}'`],
    ['nothing', () => expr`github.ref == '${''}'`],
    ['more than text', () => expr`github.ref == 'a${' || true || '}'`],
  ])('takes no %s within quotes', (_, make) => {
    expect(make).toThrow('within quotes')
  })

  it('takes quoted quotes', () => {
    expect(expr`github.ref == 'it''s' || ${'a'} == 'b'`.code).toBe(
      "github.ref == 'it''s' || 'a' == 'b'",
    )
  })

  it('is a condition as a whole, also with braces in a text', () => {
    const one = build({ if: expr`${github.ref} == ${'${{ x }}'}` })
    expect(fileOf(one).jobs.build?.if).toBe("${{ github.ref == '${{ x }}' }}")
    expect(diagnostics(one)).toEqual([])
  })
})

describe('code of an action', () => {
  const title = text`echo ${event('pull_request.title')}`

  it.each([
    ['Actions/github-script', 'SCRIPT'],
    ['azure/cli', 'inlineScript'],
  ] as const)('%s takes no expression in %s', (action, input) => {
    const step = uses(pin(action, 'v2.0.0', 'c'.repeat(40)), { with: { [input]: title } })
    const composite = compositeAction('a/action.yml', {
      name: 'a',
      description: 'a',
      steps: [step],
    })
    expect(() => fileOf(build({ steps: [step] }))).toThrow('code takes no expression')
    const of = stack('shop', [
      workflow(path, { on: 'push', jobs: [build({ steps: [uses(composite)] })] }),
    ])
    expect(() => synthesize(of)).toThrow('code takes no expression')
  })
})

it('an action has no secrets of its own', () => {
  const step = run('make', { env: { TOKEN: secrets('TOKEN') } })
  const composite = compositeAction('a/action.yml', { name: 'a', description: 'a', steps: [step] })
  const of = stack('shop', [
    workflow(path, { on: 'push', jobs: [build({ steps: [uses(composite)] })] }),
  ])
  expect(() => synthesize(of)).toThrow('secrets is not available at runs.steps.0.env.TOKEN')
})

describe('call', () => {
  const deploy = workflow('.github/workflows/deploy.yml', {
    on: {
      workflow_call: {
        inputs: inputs({ target: { required: true }, count: { type: 'number' } }),
        secrets: { TOKEN: { required: true } },
      },
    },
    jobs: [build()],
  })
  const whole = { with: { target: 'a', count: 1 }, secrets: { token: secrets('T') } }

  it('takes what the workflow declares', () => {
    expect(fileOf(call('deploy', deploy, whole)).jobs.deploy).toMatchObject({ with: whole.with })
    expect(() => fileOf(call('deploy', deploy, { ...whole, secrets: 'inherit' }))).not.toThrow()
  })

  it.each([
    ['without an input', { ...whole, with: {} }, 'requires the input target'],
    [
      'with text for a number',
      { ...whole, with: { target: 'a', count: '1' } },
      'declares the input count as number, got a string',
    ],
    ['without a secret', { with: whole.with }, 'requires the secret TOKEN'],
    ['with another secret', { ...whole, secrets: { A: 'b' } }, 'does not declare the secret A'],
  ])('rejects one %s', (_, spec, words) => {
    expect(() => fileOf(call('deploy', deploy, spec))).toThrow(words)
  })

  it('rejects a workflow that is not reusable', () => {
    const other = workflow('.github/workflows/other.yml', { on: 'push', jobs: [build()] })
    expect(() => fileOf(call('other', other))).toThrow('is not a reusable workflow')
  })
})

it.each([
  ['actions/checkout@v4', "Write uses('actions/checkout'): its commit comes from the lock."],
  ['acme/thing', "Write uses(pin('acme/thing', TAG, COMMIT)): git ls-remote --tags"],
  ['acme/thing/sub@v1', 'https://github.com/acme/thing prints both'],
])('an action without a pin says how to get one: %s', (action, words) => {
  expect(() => fileOf(build({ steps: [uses(action as never)] }))).toThrow(words)
})

describe('what only a compiler would have seen', () => {
  const flow = (spec: object) => () => workflow(path, { on: 'push', jobs: [build()], ...spec })

  it.each([
    ['an event', flow({ on: 'pull_requests' }), 'Did you mean `pull_request`?'],
    [
      'an event in a list',
      flow({ on: ['push', 'tag'] }),
      'expected the name of an event, got "tag"',
    ],
    ['a filter', flow({ on: { push: { branch: ['a'] } } }), ': unknown key branch'],
    [
      'a filter of what has none',
      flow({ on: { fork: { branches: ['a'] } } }),
      'on.fork of .github/workflows/ci.yml: expected no filters',
    ],
    ['a right', flow({ permissions: { content: 'read' } }), 'Did you mean `contents`?'],
    [
      'the right of a job',
      () => build({ permissions: { 'id-token': 'read' } as never }),
      'expected "write" or "none", got "read"',
    ],
    [
      'rights in a word',
      () => build({ permissions: 'read' as never }),
      "Write { contents: 'read' }",
    ],
    ['jobs by name', flow({ jobs: { build: build() } }), 'expected a list of jobs, got an object'],
    ['a need by its name', () => build({ needs: ['test'] as never }), 'expected a job, got "test"'],
    ['steps in a string', () => build({ steps: 'make' as never }), 'expected a list of steps'],
    ['a step in a string', () => build({ steps: ['make'] as never }), 'expected a step, got'],
    ['no steps', () => build({ steps: undefined as never }), 'missing key steps'],
    [
      'an option',
      () => dependabot({ interval: 'daily' } as never),
      'dependabot(…): unknown key interval',
    ],
  ])('%s is rejected, with its line', (_, make, words) => {
    expect(make).toThrow(words)
    expect(make).toThrow(/rejected\.test\.ts:\d+:\d+: /)
  })
})

describe('what GitHub or actionlint rejects is reported', () => {
  const m = (axes: Parameters<typeof matrix>[0]) => build({ strategy: { matrix: matrix(axes) } })

  it.each<[string, string, JobValue, WorkflowSpec['on']?]>([
    ['no event', 'section-empty', build(), {}],
    ['no event in a list', 'section-empty', build(), []],
    ['no time', 'section-empty', build(), { schedule: [] }],
    ['no branch', 'section-empty', build(), { push: { branches: [] } }],
    ['a script without a line', 'section-empty', build({ steps: [run(' \n')] })],
    ['a matrix of nothing', 'section-empty', m({})],
    ['exceptions of nothing', 'glob-invalid', build(), { push: { branches: ['!main'] } }],
    [
      'an unknown timezone',
      'cron-invalid',
      build(),
      { schedule: [{ cron: '0 3 * * *', timezone: 'Europe/Berln' }] },
    ],
    ['an invalid number', 'input-invalid', build(), dispatch({ type: 'number', default: 'a' })],
    [
      'a choice of a caller',
      'syntax-check',
      build(),
      { workflow_call: { inputs: inputs({ a: { type: 'choice' } }) } },
    ],
    [
      'no time for a step',
      'number-too-small',
      build({ steps: [run('a', { 'timeout-minutes': 0 })] }),
    ],
  ])('%s: %s', (_, rule, one, on) => {
    expect(diagnostics(one, on)).toContain(`workflow/${rule}`)
  })

  function dispatch(input: Parameters<typeof inputs>[0][string]) {
    return { workflow_dispatch: { inputs: inputs({ a: input }) } }
  }
})
