import type { Source } from '@erlmcp/core'
import fc from 'fast-check'
import {
  always,
  call,
  compositeAction,
  type EventName,
  type Expression,
  event,
  expr,
  github,
  hashFiles,
  inputs,
  type JobSpec,
  type JobValue,
  job,
  literal,
  matrix,
  parallel,
  required,
  run,
  runner,
  type StepValue,
  secrets,
  text,
  uses,
  type Value,
  vars,
  type WorkflowSpec,
  wait,
  workflow,
} from '../index.ts'

// Workflows as somebody might write them: every key, with text, numbers, and values of every kind,
// at places where GitHub takes them and, now and then, where it does not.

type Any = unknown

const word = fc.constantFrom('a', 'build', 'main', 'v1', 'x-y', 'src', "it's", '3.10', 'true')
const tricky = fc.constantFrom(
  '# x',
  ': ',
  "'",
  '"',
  '{{ a }}',
  'a\nb',
  '*',
  '- b',
  '@c',
  '\t',
  'ü',
)
const plain = fc.oneof(
  { weight: 60, arbitrary: word },
  { weight: 12, arbitrary: tricky },
  { weight: 1, arbitrary: fc.constant('') },
)
const name = fc.constantFrom('a', 'b_c', 'Target', 'x-1', '_y')
const variable = fc.constantFrom('A', 'TARGET', 'b_c')

const given = inputs({
  target: { type: 'string', required: true, description: 'Where to' },
  dry: { type: 'boolean', default: false },
  count: { type: 'number', default: 3 },
})

/** Expressions by the context that they need. */
const pool: Readonly<Record<string, readonly Expression[]>> = {
  github: [
    github.ref,
    github.sha,
    github.event_name,
    event('pull_request.number'),
    expr`${github.ref} == ${'refs/heads/main'}`,
  ],
  vars: [vars('TARGET'), expr`fromJSON(${vars('JSON')})`],
  inputs: [given.value.target, given.value.dry, given.value.count],
  secrets: [secrets('TOKEN')],
  runner: [runner.os, runner.temp],
  hash: [hashFiles('rebar.lock')],
  env: [expr('env.A')],
  status: [always(), expr('failure()'), expr('!cancelled()')],
  job: [expr('job.status')],
  strategy: [expr('strategy.job-index')],
}

interface Sources {
  readonly matrix?: readonly Expression[]
  readonly steps?: readonly Expression[]
  readonly needs?: readonly Expression[]
}

const contexts = {
  outer: ['github', 'vars', 'inputs'],
  job: ['github', 'vars', 'inputs', 'needs', 'matrix', 'strategy'],
  step: [
    'github',
    'vars',
    'inputs',
    'needs',
    'matrix',
    'strategy',
    'secrets',
    'runner',
    'hash',
    'env',
    'steps',
    'job',
  ],
} as const

/** An expression that fits most of the time. */
function expression(allowed: readonly string[], sources: Sources = {}): fc.Arbitrary<Expression> {
  const all = { ...pool, ...sources } as Record<string, readonly Expression[] | undefined>
  const of = (names: readonly string[]) => names.flatMap((one) => all[one] ?? [])
  return fc.oneof(
    { weight: 150, arbitrary: fc.constantFrom(...of(allowed)) },
    { weight: 1, arbitrary: fc.constantFrom(...of(Object.keys(all))) },
  )
}

function value(allowed: readonly string[], sources?: Sources): fc.Arbitrary<Value> {
  const one = expression(allowed, sources)
  return fc.oneof(
    plain,
    fc.integer({ min: -3, max: 300 }),
    fc.boolean(),
    one,
    fc.tuple(plain, one).map(([before, inner]) => text`${before}-${inner}`),
    plain.map((one) => literal(one)),
  )
}

const record = <T extends Record<string, fc.Arbitrary<Any>>>(model: T, keys: (keyof T)[] = []) =>
  fc.record(model, { requiredKeys: keys as never[], noNullPrototype: true })
const map = (key: fc.Arbitrary<string>, item: fc.Arbitrary<Any>) =>
  fc.dictionary(key, item, { maxKeys: 2, noNullPrototype: true })
const numberOr = (allowed: readonly string[], sources?: Sources) =>
  fc.oneof(
    { weight: 80, arbitrary: fc.integer({ min: 1, max: 90 }) },
    { weight: 40, arbitrary: fc.constantFrom(given.value.count, expr`fromJSON(${vars('N')})`) },
    { weight: 1, arbitrary: expression(allowed, sources) },
  )
const booleanOr = (allowed: readonly string[], sources?: Sources) =>
  fc.oneof(
    { weight: 80, arbitrary: fc.boolean() },
    { weight: 40, arbitrary: fc.constantFrom(given.value.dry, expr`${github.ref} != ${'a'}`) },
    { weight: 1, arbitrary: expression(allowed, sources) },
  )

const condition = (allowed: readonly string[], sources?: Sources) =>
  fc.oneof(
    fc.constantFrom("github.ref == 'refs/heads/main'", 'always()', "github.event_name != 'push'"),
    fc.boolean(),
    expression([...allowed, 'status'], sources),
    expression(allowed, sources).map((one) => expr`${one} && ${always()}`),
  )

function step(index: number, sources: Sources, isNew: boolean): fc.Arbitrary<StepValue> {
  const common = {
    name: value(contexts.step, sources),
    if: condition(contexts.step, sources),
    'continue-on-error': booleanOr(contexts.step, sources),
    'timeout-minutes': numberOr(contexts.step, sources),
    env: map(variable, value(contexts.step, sources)),
    comment: plain,
    ...(isNew && { background: fc.boolean() }),
  }
  const identity = fc.constantFrom({}, { id: `s${index}`, outputs: ['v'] })
  const script = fc.constantFrom('make', 'echo "v=1" >> "$GITHUB_OUTPUT"', 'make test\nmake run\n')
  const runs = fc
    .tuple(
      script,
      record({
        ...common,
        shell: fc.constantFrom('bash', 'pwsh', 'python'),
        'working-directory': value(contexts.step, sources),
      }),
      identity,
    )
    .map(([code, options, id]) => run(literal(code), { ...options, ...id } as never))
  const action = (reference: string, keys: readonly string[], needed: readonly string[] = []) =>
    fc
      .tuple(
        record(
          Object.fromEntries(keys.map((key) => [key, value(contexts.step, sources)])),
          needed as never,
        ),
        record(common),
      )
      .map(([given, options]) =>
        uses(reference as 'actions/checkout', { ...options, with: given } as never),
      )
  return fc.oneof(
    { weight: 4, arbitrary: runs },
    { weight: 2, arbitrary: action('actions/checkout', ['fetch-depth', 'ref', 'path', 'token']) },
    {
      weight: 1,
      arbitrary: action('actions/cache', ['path', 'key', 'restore-keys'], ['path', 'key']),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(text`logs-${expr('strategy.job-index')}-${github.job}-${index}`, 'logs')
        .map((name) => uses('actions/upload-artifact', { with: { name, path: '_build' } })),
    },
    { weight: 1, arbitrary: action('docker/build-push-action', ['context', 'push', 'tags']) },
    { weight: 1, arbitrary: action('actions/setup-node', ['node-version', 'cache']) },
  )
}

function steps(sources: Sources, isNew: boolean): fc.Arbitrary<readonly StepValue[]> {
  return fc.integer({ min: 1, max: 3 }).chain((count) => {
    const first = step(0, sources, isNew)
    return first.chain((one) => {
      const outputs = Object.values(one.outputs)
      const later = { ...sources, ...(outputs.length > 0 && { steps: outputs }) }
      const rest = Array.from({ length: count - 1 }, (_, index) => step(index + 1, later, isNew))
      return fc.tuple(...rest).map((others) => {
        const all = [one, ...others]
        if (!isNew) return all
        const inBackground = all.filter(
          ({ id, what }) =>
            id && 'options' in what && 'background' in what.options && what.options.background,
        )
        return [
          ...all,
          parallel([run('make a'), run('make b')]),
          ...inBackground.map((one) => wait(one)),
        ]
      })
    })
  })
}

const matrices = fc.oneof(
  fc.constant(matrix({ otp: ['27', '28'], os: ['ubuntu-24.04', 'windows-2025'] })),
  fc.constant(
    matrix({ otp: ['27'], include: [{ otp: '28', os: 'ubuntu-22.04' }, { extra: true }] }),
  ),
  fc.constant(matrix({ include: [{ otp: 27, os: 'ubuntu-24.04' }] })),
  fc.constant(matrix({ otp: expr`fromJSON(${vars('OTP')})`, os: ['ubuntu-24.04'] })),
  fc.constant(matrix({ otp: ['27', '28'], exclude: [{ otp: '27' }], os: ['macos-15'] })),
  fc.constant(matrix(expr`fromJSON(${vars('MATRIX')})`)),
  fc.constant(matrix({ include: expr`fromJSON(${vars('INCLUDE')})` })),
  fc.constant(matrix({ otp: [27.3, 28], os: [['self-hosted', 'linux'], 'ubuntu-24.04'] })),
)

function jobOf(id: string, before: readonly JobValue[], isNew: boolean): fc.Arbitrary<JobValue> {
  return fc.option(matrices, { nil: undefined, freq: 2 }).chain((axes) => {
    const needs = before.flatMap((one) => Object.values(one.outputs))
    const each =
      axes &&
      [
        (axes.each as Record<string, Expression>).otp!,
        (axes.each as Record<string, Expression>).os!,
      ].filter(Boolean)
    const sources: Sources = {
      ...(needs.length > 0 && { needs }),
      ...(each && { matrix: each }),
    }
    return steps(sources, isNew).chain((list) => {
      const outputs = list.flatMap((one) => Object.values(one.outputs))
      const after: Sources = { ...sources, ...(outputs.length > 0 && { steps: outputs }) }
      const v = value(contexts.job, sources)
      const ends = value(
        [...contexts.step].filter((one) => one !== 'hash'),
        after,
      )
      const container = fc.oneof(
        fc.constantFrom('erlang:28', text`erlang:${github.sha}`),
        record(
          {
            image: fc.constantFrom<Value>('erlang:28', ...(each ?? [])),
            env: map(variable, v),
            ports: fc.constantFrom([80], ['8080:80'], [vars('PORT')]),
            volumes: fc.constantFrom(['a:/a'], [text`${github.sha}:/a`]),
            options: fc.constantFrom('--cpus 1', text`--name ${github.run_id}`),
            credentials: fc.constant({ username: 'a', password: secrets('P') }),
          },
          ['image'],
        ),
      )
      const model = {
        'runs-on': fc.oneof(
          { weight: 5, arbitrary: fc.constantFrom('ubuntu-24.04', 'windows-2025', 'macos-15') },
          fc.constantFrom(['self-hosted', 'linux'], ['self-hosted', vars('LABEL')], {
            group: 'large',
            labels: ['linux'],
          }),
          expression(contexts.job, sources),
        ),
        name: v,
        if: condition(['github', 'vars', 'inputs', 'needs'], sources),
        needs: fc.subarray([...before]),
        permissions: map(
          fc.constantFrom('contents', 'packages', 'id-token'),
          fc.constantFrom('write', 'none'),
        ),
        concurrency: fc.oneof(
          v,
          record({ group: v, 'cancel-in-progress': booleanOr(contexts.job, sources) }, ['group']),
        ),
        strategy: record(
          {
            ...(axes && { matrix: fc.constant(axes) }),
            'fail-fast': booleanOr(['github', 'vars', 'inputs', 'needs'], sources),
            'max-parallel': numberOr(['github', 'vars', 'inputs', 'needs'], sources),
          },
          axes ? (['matrix'] as never) : [],
        ),
        'timeout-minutes': numberOr(contexts.job, sources),
        'continue-on-error': booleanOr(contexts.job, sources),
        environment: fc.oneof(v, record({ name: v, url: ends }, ['name'])),
        env: map(variable, value([...contexts.job, 'secrets'], sources)),
        defaults: fc.record({
          run: record({ shell: fc.constantFrom('bash', 'pwsh'), 'working-directory': v }),
        }),
        container,
        services: map(name, container),
        outputs: map(fc.constantFrom('v', 'w'), ends),
        comment: plain,
      }
      const keys = ['runs-on', ...(axes ? ['strategy'] : [])] as never[]
      return record(model, keys).map((spec) =>
        job(id, { ...(spec as object), steps: list } as never as JobSpec),
      )
    })
  })
}

const events: readonly EventName[] = [
  ...([
    'branch_protection_rule',
    'check_run',
    'check_suite',
    'create',
    'delete',
    'deployment',
  ] as const),
  ...([
    'deployment_status',
    'discussion',
    'discussion_comment',
    'fork',
    'gollum',
    'issue_comment',
  ] as const),
  ...([
    'issues',
    'label',
    'merge_group',
    'milestone',
    'page_build',
    'public',
    'pull_request',
  ] as const),
  ...([
    'pull_request_review',
    'pull_request_review_comment',
    'pull_request_target',
    'push',
  ] as const),
  ...(['registry_package', 'release', 'repository_dispatch', 'status', 'watch'] as const),
]

const patterns = fc.constantFrom(['main'], ['releases/**', '!releases/old'], ['v[12].*'])
const on = fc
  .record({
    plain: fc.subarray([...events], { minLength: 0, maxLength: 3 }),
    push: record({
      branches: patterns,
      paths: patterns,
      tags: patterns,
    }),
    pull: record({
      types: fc.subarray(['opened', 'closed', 'labeled', 'synchronize']),
      branches: patterns,
      'paths-ignore': patterns,
    }),
    schedule: fc.constantFrom(
      [{ cron: '17 3 * * 1' }],
      [{ cron: '*/5 * * * *' }],
      [{ cron: '0 5 * * *', timezone: 'Europe/Berlin' }],
    ),
  })
  .chain(({ plain, ...rest }) =>
    fc
      .subarray(
        ['push', 'pull_request', 'schedule', 'workflow_dispatch', 'workflow_call'] as const,
        { minLength: 1 },
      )
      .map((keys) => ({
        ...Object.fromEntries(plain.map((one) => [one, null])),
        ...(keys.includes('push') && { push: rest.push }),
        ...(keys.includes('pull_request') && { pull_request: rest.pull }),
        ...(keys.includes('schedule') && { schedule: rest.schedule }),
        // The inputs of a file must be declared for what starts it.
        ...(keys.includes('workflow_call') && { workflow_call: { inputs: given } }),
        workflow_dispatch: { inputs: given },
      })),
  )

/** What one input makes: sources of a stack, or a refusal where they are made. */
export type Attempt = (index: number) => readonly Source[]

/**
 * Workflows over every key.
 *
 * @param isNew whether with what actionlint 1.7 does not know: steps in parallel and the background
 */
export function attempts(isNew: boolean): fc.Arbitrary<Attempt> {
  const top = record({
    name: plain,
    'run-name': value(contexts.outer),
    permissions: map(
      fc.constantFrom('contents', 'issues', 'models'),
      fc.constantFrom('read', 'none'),
    ),
    env: map(variable, value([...contexts.outer, 'secrets'])),
    concurrency: fc.oneof(
      fc.constant(false as const),
      value(contexts.outer),
      record({ group: value(contexts.outer), 'cancel-in-progress': booleanOr(contexts.outer) }, [
        'group',
      ]),
    ),
  })
  // A refusal of ours is thrown while values are made: it is one of the outcomes.
  const jobs = jobOf('first', [], isNew).chain((first) =>
    fc.tuple(fc.constant(first), jobOf('second', [first], isNew), fc.nat(3)),
  )
  return fc
    .tuple(top, on, jobs)
    .map(([spec, events, [first, second, extra]]) => (index: number) => {
      const setup = compositeAction(
        `.github/actions/s${index}/action.yml`,
        {
          name: 'Setup',
          description: 'First',
          inputs: inputs({ dry: { default: 'false' } }),
          steps: [run('make', { if: expr`inputs.dry == 'true'` })],
        },
        { local: './' },
      )
      const called = workflow(`.github/workflows/c${index}.yml`, {
        on: { workflow_call: { inputs: given } },
        jobs: [
          job('ship', {
            'runs-on': 'ubuntu-24.04',
            permissions: { contents: 'write' },
            steps: [run('make')],
          }),
        ],
      })
      const more = [
        [],
        [required('gate', [first, second], { skippable: [second] })],
        [call('ship', called, { with: { target: 'x', dry: given.value.dry, count: 2 } })],
        [
          job('local', {
            'runs-on': 'ubuntu-24.04',
            steps: [uses('actions/checkout'), uses(setup, { with: { dry: true } })],
          }),
        ],
      ][extra]!
      const whole = { ...(spec as object), on: events, jobs: [first, second, ...more] }
      return [
        workflow(`.github/workflows/w${index}.yml`, whole as never as WorkflowSpec, {
          local: './',
        }),
      ]
    })
}
