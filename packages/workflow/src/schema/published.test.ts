import { type GithubDefinition, githubSchema } from '@erlmcp/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { actionSchema } from './action.ts'
import type { WorkflowSchema } from './facts.ts'
import { workflowSchema } from './workflow.ts'

/** The values of each key by its path: `*` is any name, and items of lists are at the list. */
type Keys = Map<string, Set<string>>

function add(keys: Keys, path: string): Set<string> {
  const values = keys.get(path) ?? new Set()
  keys.set(path, values)
  return values
}

const join = (path: string, key: string) => (path === '' ? key : `${path}.${key}`)

/** Every key of GitHub's schema from a definition on. */
function publishedKeys(
  definitions: Readonly<Record<string, GithubDefinition>>,
  name: string,
  path = '',
  keys: Keys = new Map(),
): Keys {
  const { mapping, sequence, ...definition } = definitions[name] ?? {}
  // Steps in parallel are steps again.
  if (/parallel\.parallel/.test(path)) return keys
  for (const [key, value] of Object.entries(mapping?.properties ?? {})) {
    const at = join(path, key)
    add(keys, at)
    publishedKeys(definitions, typeof value === 'string' ? value : value.type, at, keys)
  }
  const rest = mapping?.['loose-value-type']
  if (rest) publishedKeys(definitions, rest, join(path, '*'), keys)
  if (sequence) publishedKeys(definitions, sequence['item-type'], path, keys)
  for (const one of definition['one-of'] ?? []) publishedKeys(definitions, one, path, keys)
  for (const one of definition['allowed-values'] ?? []) add(keys, path).add(one)
  if (definition.string?.constant) add(keys, path).add(definition.string.constant)
  return keys
}

/** Every key of the table. */
function tableKeys(schema: WorkflowSchema, path = '', keys: Keys = new Map()): Keys {
  if (schema.type === 'object') {
    for (const [key, value] of Object.entries(schema.keys)) {
      add(keys, join(path, key))
      tableKeys(value, join(path, key), keys)
    }
  }
  if (schema.type === 'map') tableKeys(schema.values, join(path, '*'), keys)
  if (schema.type === 'list') tableKeys(schema.items, path, keys)
  if (schema.type === 'union') for (const one of schema.options) tableKeys(one, path, keys)
  if (schema.type === 'enum') for (const one of schema.values) add(keys, path).add(String(one))
  return keys
}

interface Difference {
  readonly path: RegExp
  readonly reason: string
}

/** What GitHub publishes and the table does not have. */
const left: readonly Difference[] = [
  {
    path: /^jobs\.\*\.steps\.parallel\.(?:wait|wait-all|cancel|parallel|background)$/,
    reason: 'GitHub rejects these within `parallel`, in a check after its schema',
  },
  { path: /^branding\.icon: /, reason: 'the table takes any name of an icon' },
  {
    path: /^on: branch_protection_rule$/,
    reason: 'published for `repository_dispatch`, too',
  },
]

/** What the table has and GitHub does not publish. */
const own: readonly Difference[] = [
  {
    path: /deprecationMessage$|^inputs\.\*\.description$/,
    reason: 'documented for inputs; the schema lets any key pass, or omits it',
  },
  { path: /^on: repository_dispatch$/, reason: 'published under the name of another event' },
  { path: /^branding\.color: black$/, reason: 'documented for actions' },
]

function expectSame(published: Keys, table: Keys): void {
  const flat = (keys: Keys) =>
    [...keys].flatMap(([path, values]) => [
      ...(path === '' ? [] : [path]),
      ...[...values].map((one) => `${path}: ${one}`),
    ])
  const [theirs, ours] = [flat(published), flat(table)]
  const isListed = (list: readonly Difference[], one: string) =>
    list.some(({ path }) => path.test(one))
  const missing = theirs.filter((one) => !ours.includes(one) && !isListed(left, one))
  const extra = ours.filter((one) => !theirs.includes(one) && !isListed(own, one))
  expect({ missing, extra }).toEqual({ missing: [], extra: [] })
  for (const one of theirs) for (const { path } of left) if (path.test(one)) used.add(path)
  for (const one of ours)
    for (const { path } of own) if (path.test(one) && !theirs.includes(one)) used.add(path)
}

const used = new Set<RegExp>()

afterAll(() => {
  const stale = [...left, ...own].filter(({ path }) => !used.has(path))
  expect(stale, 'differences that are listed and no longer exist').toEqual([])
})

describe('the table has what GitHub publishes, and nothing else', () => {
  test('for workflows', () => {
    expectSame(
      publishedKeys(githubSchema('workflow'), 'workflow-root-strict'),
      tableKeys(workflowSchema),
    )
  })

  test('for actions', () => {
    expectSame(publishedKeys(githubSchema('action'), 'action-root-strict'), tableKeys(actionSchema))
  })
})
