import { check, type Document, type Path, type Rule } from '@erlmcp/core'
import { type GithubParser, githubParser } from '@erlmcp/testkit'
import { beforeAll, describe, expect, it } from 'vitest'
import { printWorkflow } from '../print.ts'
import { contextNames } from '../schema/contexts.ts'
import type { WorkflowFile } from '../schema/document.gen.ts'
import { contextUnavailable } from './rules/context-unavailable.ts'
import { expressionSyntax } from './rules/expression-syntax.ts'

const step = ['jobs', 'a', 'steps', 0]
const call = ['on', 'workflow_call']

/**
 * Every text of a workflow, with the keys that it needs beside it. Not here: `env` and `services` that an
 * expression makes as a whole, which GitHub and actionlint take and this parser does not.
 */
const places: readonly (readonly [Path, object?])[] = [
  ...['name', 'description', 'run-name', 'concurrency'].map((key) => [[key]] as const),
  [['concurrency', 'group']],
  [['concurrency', 'cancel-in-progress'], { group: 'a' }],
  [['env', 'A']],
  [['defaults', 'run', 'shell']],
  [['defaults', 'run', 'working-directory']],
  [['permissions', 'contents']],
  [['on', 'push', 'branches', 0]],
  [['on', 'push', 'paths']],
  [['on', 'schedule', 0, 'cron']],
  [['on', 'workflow_run', 'workflows', 0]],
  [['on', 'repository_dispatch', 'types', 0]],
  [['on', 'workflow_dispatch', 'inputs', 'x', 'description']],
  [['on', 'workflow_dispatch', 'inputs', 'x', 'default']],
  [['on', 'workflow_dispatch', 'inputs', 'x', 'options', 0], { type: 'choice' }],
  [[...call, 'inputs', 'x', 'default'], { type: 'string' }],
  [[...call, 'inputs', 'x', 'description'], { type: 'string' }],
  [[...call, 'secrets', 'x', 'description']],
  [[...call, 'outputs', 'x', 'value']],
  [[...call, 'outputs', 'x', 'description'], { value: 'a' }],
  ...['name', 'if', 'runs-on', 'timeout-minutes', 'cancel-timeout-minutes', 'continue-on-error']
    .concat('environment', 'concurrency', 'container', 'strategy', 'snapshot')
    .map((key) => [['jobs', 'a', key]] as const),
  [['jobs', 'a', 'runs-on', 0]],
  [['jobs', 'a', 'runs-on', 'group']],
  [['jobs', 'a', 'runs-on', 'labels']],
  [['jobs', 'a', 'environment', 'name']],
  [['jobs', 'a', 'environment', 'url'], { name: 'a' }],
  [['jobs', 'a', 'environment', 'deployment'], { name: 'a' }],
  [['jobs', 'a', 'concurrency', 'group']],
  [['jobs', 'a', 'concurrency', 'cancel-in-progress'], { group: 'a' }],
  [['jobs', 'a', 'strategy', 'matrix']],
  [['jobs', 'a', 'strategy', 'matrix', 'os']],
  [['jobs', 'a', 'strategy', 'matrix', 'os', 0]],
  [['jobs', 'a', 'strategy', 'matrix', 'include']],
  [['jobs', 'a', 'strategy', 'matrix', 'exclude'], { os: ['a'] }],
  [['jobs', 'a', 'strategy', 'matrix', 'include', 0]],
  [['jobs', 'a', 'strategy', 'matrix', 'include', 0, 'os']],
  [['jobs', 'a', 'strategy', 'fail-fast']],
  [['jobs', 'a', 'strategy', 'max-parallel']],
  [['jobs', 'a', 'env', 'A']],
  [['jobs', 'a', 'outputs', 'A']],
  [['jobs', 'a', 'defaults', 'run', 'shell']],
  [['jobs', 'a', 'defaults', 'run', 'working-directory']],
  [['jobs', 'a', 'permissions', 'contents']],
  [['jobs', 'a', 'snapshot', 'image-name']],
  [['jobs', 'a', 'snapshot', 'if'], { 'image-name': 'a' }],
  ...['image', 'options'].map((key) => [['jobs', 'a', 'container', key]] as const),
  [['jobs', 'a', 'container', 'ports', 0], { image: 'a' }],
  [['jobs', 'a', 'container', 'volumes', 0], { image: 'a' }],
  [['jobs', 'a', 'container', 'env', 'A'], { image: 'a' }],
  [['jobs', 'a', 'container', 'credentials', 'password'], { username: 'a' }],
  [['jobs', 'a', 'services', 'db']],
  [['jobs', 'a', 'services', 'db', 'image']],
  [['jobs', 'a', 'services', 'db', 'command'], { image: 'a' }],
  [['jobs', 'a', 'services', 'db', 'env', 'A']],
  ...[
    'name',
    'if',
    'run',
    'shell',
    'working-directory',
    'continue-on-error',
    'timeout-minutes',
  ].map((key) => [[...step, key], { run: 'make' }] as const),
  [[...step, 'env', 'A']],
  [[...step, 'id'], { run: 'make' }],
  [[...step, 'uses']],
  [[...step, 'with'], { uses: 'a/b@c' }],
  [[...step, 'with', 'A'], {}],
  [['jobs', 'b', 'with', 'x']],
  [['jobs', 'b', 'secrets', 'x']],
  [['jobs', 'b', 'name']],
  [['jobs', 'b', 'if']],
]

const functions = ['always()', 'failure()', 'success()', 'cancelled()', "hashFiles('a')"]
const expressions = [...contextNames.map((name) => `${name}.x`), ...functions]

let problems: GithubParser
beforeAll(async () => {
  problems = await githubParser()
})

/** A workflow that has this text at this place. */
function fileWith(path: Path, text: string, beside: object = {}): WorkflowFile {
  const file = {
    on: { push: {} },
    jobs: {
      a: { 'runs-on': 'a', steps: [{ run: 'make' }] },
      b: { uses: './.github/workflows/b.yml' },
    },
  }
  let node: Record<string | number, unknown> = file
  for (const [index, key] of path.slice(0, -1).entries()) {
    const next = typeof path[index + 1] === 'number' ? [] : {}
    if (typeof node[key] !== 'object') node[key] = next
    node = node[key] as Record<string, unknown>
  }
  Object.assign(node, Array.isArray(node) ? {} : beside, { [path.at(-1)!]: text })
  if (path.includes('with') && path[2] === 'steps') {
    file.jobs.a.steps = [{ uses: 'a/b@c', with: text.length ? node : {} } as never]
    if (path.length === 5) file.jobs.a.steps = [{ uses: 'a/b@c', with: text } as never]
  }
  if (path.at(-1) === 'uses') file.jobs.a.steps = [{ uses: text } as never]
  return file as never
}

function isRefused(file: WorkflowFile): boolean {
  const rules = [contextUnavailable, expressionSyntax] as unknown as Rule[]
  const format = { name: 'workflow', rules, print: () => '' }
  const document: Document = { path: '.github/workflows/ci.yml', format, data: file }
  return check(document).length > 0
}

describe('an expression is taken where GitHub takes it, and nowhere else', () => {
  it.each(places.map(([path, beside]) => [path.join('.'), path, beside] as const))(
    'at %s',
    async (_, path, beside) => {
      const ours: string[] = []
      const theirs: string[] = []
      for (const code of expressions) {
        const file = fileWith(path, `\${{ ${code} }}`, beside)
        if (isRefused(file)) ours.push(code)
        const messages = await problems('ci.yml', printWorkflow(file))
        if (messages.length > 0) theirs.push(code)
      }
      expect(ours).toEqual(theirs)
    },
  )
})
