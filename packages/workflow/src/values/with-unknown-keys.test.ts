import { stack, synthesize } from '@erlmcp/core'
import { githubParser } from '@erlmcp/testkit'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  call,
  cancel,
  github,
  type JobSpec,
  job,
  run,
  uses,
  type WorkflowSpec,
  withUnknownKeys,
  workflow,
} from '../index.ts'

const machine = { 'runs-on': 'ubuntu-24.04' } as const
const path = '.github/workflows/ci.yml'

function created(spec: Partial<JobSpec> = {}, rest: Partial<WorkflowSpec> = {}) {
  const build = job('build', { ...machine, steps: [run('make')], ...spec })
  const flow = workflow(path, { on: 'push', jobs: [build], ...rest })
  const { artifacts, diagnostics } = synthesize(stack('shop', [flow]))
  const { text } = artifacts.find((one) => one.path === path)!
  return { text, file: parse(text), rules: diagnostics.map(({ rule }) => rule) }
}

const reason = 'GitHub changelog of May 2027'

describe('a key that this package does not know yet', () => {
  it.each<[string, () => ReturnType<typeof created>, string, object]>([
    [
      'a key of a workflow',
      () => created({}, withUnknownKeys({ name: 'CI' }, { region: 'eu' }, reason)),
      'region: eu',
      { region: 'eu' },
    ],
    [
      'a key of a job',
      () => created(withUnknownKeys({}, { gpu: 2 }, reason)),
      '    gpu: 2',
      { jobs: { build: { gpu: 2 } } },
    ],
    [
      'a key of a step',
      () => created({ steps: [run('make', withUnknownKeys({}, { sandbox: true }, reason))] }),
      'sandbox: true',
      { jobs: { build: { steps: [{ run: 'make', sandbox: true }] } } },
    ],
    [
      'a right of a job',
      () =>
        created({ permissions: withUnknownKeys({ contents: 'read' }, { moon: 'write' }, reason) }),
      'moon: write',
      { jobs: { build: { permissions: { contents: 'read', moon: 'write' } } } },
    ],
    [
      'a right of the workflow',
      () => created({}, { permissions: withUnknownKeys({}, { moon: 'read' }, reason) }),
      'moon: read',
      { permissions: { moon: 'read' } },
    ],
    [
      'a key deep inside',
      () => created({ environment: withUnknownKeys({ name: 'prod' }, { color: 'blue' }, reason) }),
      'color: blue',
      { jobs: { build: { environment: { name: 'prod', color: 'blue' } } } },
    ],
    [
      'an event with what narrows it',
      () =>
        created(
          {},
          { on: withUnknownKeys({ push: null }, { satellite: { types: ['up'] } }, reason) },
        ),
      'satellite:',
      { on: { push: null, satellite: { types: ['up'] } } },
    ],
    [
      'a filter of an event',
      () => created({}, { on: { push: withUnknownKeys({}, { authors: ['a'] }, reason) } }),
      'authors:',
      { on: { push: { authors: ['a'] } } },
    ],
  ])('%s is printed with the reason as a comment', (_, make, line, data) => {
    const { text, file, rules } = make()
    const found = text.split('\n').find((one) => one.includes(line))
    expect(found).toMatch(new RegExp(`# ${reason}$`))
    expect(file).toMatchObject(data)
    expect(rules).toEqual([])
  })

  it('may have expressions, which are checked', () => {
    const { file } = created(withUnknownKeys({}, { gpu: github.run_id }, reason))
    expect(file.jobs.build.gpu).toBe('${{ github.run_id }}')
  })

  it('does not bring runs of an event into one group', () => {
    const on = withUnknownKeys({ pull_request: null }, { satellite: null }, reason)
    expect(created({}, { on }).file.concurrency.group).toContain('github.run_id')
  })

  it.each<[string, () => unknown, string]>([
    [
      'a key beside it',
      () => job('a', { ...machine, steps: [], gpu: 2 } as never),
      'unknown key gpu',
    ],
    ['no reason', () => withUnknownKeys({}, { a: 1 }, ' '), 'missing reason'],
    ['no keys', () => withUnknownKeys({}, {}, reason), 'missing keys'],
    [
      'a key twice',
      () => withUnknownKeys({ name: 'a' }, { name: 'b' }, reason),
      'duplicate key name',
    ],
  ])('still refuses %s', (_, make, words) => {
    expect(make).toThrow(words)
  })
})

describe('a comment', () => {
  const server = run('make serve', {
    id: 'server',
    background: true,
    comment: 'Needed by\nthe tests',
  })
  const { text, file } = created({
    comment: 'Builds it, and\nkeeps nothing',
    steps: [
      uses('actions/checkout', { comment: 'The sources' }),
      server,
      cancel(server, { comment: 'Not needed any more' }),
    ],
  })

  it('is printed above its job and its step', () => {
    expect(text).toContain('jobs:\n  # Builds it, and\n  # keeps nothing\n  build:\n')
    expect(text).toContain('      # The sources\n      - uses: actions/checkout@')
    expect(text).toContain('      # Needed by\n      # the tests\n      - id: server\n')
    expect(text).toContain('      # Not needed any more\n      - cancel: server\n')
  })

  it('is not a key of the file, and GitHub reads it', async () => {
    expect(JSON.stringify(file)).not.toContain('comment')
    expect(await (await githubParser())(path, text)).toEqual([])
  })

  it('is printed above a call', () => {
    const flow = workflow(path, {
      on: 'push',
      jobs: [call('deploy', './.github/workflows/deploy.yml', { comment: 'Ships it' })],
    })
    const [artifact] = synthesize(stack('shop', [flow])).artifacts
    expect(artifact!.text).toContain('  # Ships it\n  deploy:\n')
  })

  it('of another type is rejected', () => {
    expect(() => run('make', { comment: 1 } as never)).toThrow('expected a string, got 1')
  })
})
