import { afterAll, expect, test, vi } from 'vitest'
import type { Generated } from '../generated.ts'

// The table gets a key that no Compose has. Other files of the worker must not see it.
vi.resetModules()
afterAll(() => {
  vi.resetModules()
})
const { define, numberOrString, since, withFacts } = await import(
  '../../../packages/compose/src/schema/define.ts'
)
const { rejected } = await import('../../../packages/compose/src/schema/facts.ts')
const format = await import('../../../packages/compose/src/schema/formats.ts')
const authored = await import('../../../packages/compose/src/schema/author-schema.gen.ts')
const inFile = await import('../../../packages/compose/src/schema/file-schema.gen.ts')
const { authorSchema } = await import('./author-schema.ts')
const { service } = await import('../../../packages/compose/src/schema/service.ts')
const { composeFiles, docs } = await import('./generate.ts')
const { readDocs } = await import('./read-docs.ts')

const source = `define('Service', {
  /** Slices of a GPU that it may use. Default: 1. */
  gpu_slices: since('9.1.0', withFacts(…)),
})`
const entry = since(
  '9.1.0',
  withFacts(numberOrString, {
    format: format.count,
    author: { type: 'Count' },
    merge: 'replace',
    swarm: rejected('Reserve `generic_resources`.'),
  }),
)
const { keys } = define('Service', { gpu_slices: entry })
Object.assign(service.keys, keys)
// What `pnpm generate` writes for it.
Object.assign(inFile.service.keys, keys)
Object.assign(authored.service.keys, { gpu_slices: authorSchema(entry) })

const { stack, synthesize } = await import('@erlmcp/core')
const { compose, swarm, service: value, fromComposeSpec } = await import('@erlmcp/compose')
const { mergeFiles } = await import('../../../packages/compose/src/merge/merge.ts')

const app = (gpu_slices: unknown) => value('app', { image: 'app:1.0', gpu_slices } as never)
const print = (gpu_slices: unknown) =>
  synthesize(stack('shop', [compose('compose.yaml', [app(gpu_slices)])]))

test('it is validated', () => {
  expect(() => print([])).toThrow('gpu_slices of service app: expected a whole number, got a list')
  const theirs = { services: { app: { image: 'app:1', gpu_slice: 1 } } }
  expect(() => synthesize(stack('shop', [fromComposeSpec('compose.yaml', theirs)]))).toThrow(
    'Did you mean `gpu_slices`?',
  )
})

test('its format and its version are judged', () => {
  const { diagnostics } = print('many')
  const rules = diagnostics.map(({ rule }) => rule)
  expect(rules).toContain('compose/value-format')
  expect(rules).toContain('compose/key-too-new')
})

test('it is printed in its place: after every other key of the table', () => {
  const { artifacts } = synthesize(
    stack('shop', [compose('compose.yaml', [app(2)], { target: { compose: '9.1' } })]),
  )
  const text = artifacts[0]?.text ?? ''
  expect(text).toMatch(/\n {4}gpu_slices: 2\n/)
  expect(text.indexOf('gpu_slices')).toBeGreaterThan(text.indexOf('tmpfs'))
})

test('it is merged', () => {
  const file = (gpu_slices: number) =>
    ({ services: { app: { image: 'a:1', gpu_slices } } }) as never
  expect(mergeFiles(file(1), file(2)).file.services?.app).toMatchObject({ gpu_slices: 2 })
})

test('a swarm rejects it, with the advice', () => {
  const { diagnostics } = synthesize(stack('shop', [swarm('stack.yaml', [app(2)])]))
  expect(diagnostics.map(({ message }) => message)).toContain(
    'a stack file cannot have gpu_slices. Reserve `generic_resources`',
  )
})

const textOf = (files: readonly Generated[], name: string) =>
  files.find(({ path }) => path.endsWith(name))!.text

test.each(['author-schema.gen.ts', 'file-schema.gen.ts'])('%s has it', (name) => {
  expect(textOf(composeFiles(), name)).toMatch(
    /gpu_slices: described\(\s*union\(number, string\),\s*'Write a whole number, as 3.',/,
  )
})

test('types of file and author, JSON Schema and reference page have it', () => {
  const comments = new Map([...docs(), ...readDocs(source)])
  const files = composeFiles(undefined, comments)
  const [types, authors, schema, reference] = [
    textOf(files, 'document.gen.ts'),
    textOf(files, 'author.gen.ts'),
    textOf(files, 'compose.schema.json'),
    textOf(files, 'compose.md'),
  ]
  expect(types).toContain(`  /** Slices of a GPU that it may use. Default: 1. */
  readonly gpu_slices?: NumberLike`)
  expect(
    authors,
  ).toContain(`  /** Slices of a GPU that it may use. Default: 1. Needs Compose 9.1.0. */
  readonly gpu_slices?: Count`)
  expect(JSON.parse(schema).$defs.Service.properties.gpu_slices).toEqual({
    description: 'Slices of a GPU that it may use. Default: 1.',
    anyOf: [{ type: 'number' }, { type: 'string' }],
  })
  expect(reference).toContain(
    '| `gpu_slices` | `NumberLike` | 1 | Compose 9.1.0 | replace | rejected. Reserve `generic_resources`. | Slices of a GPU that it may use. |',
  )
})

test('every key of the table has a comment', () => {
  const schema = textOf(composeFiles(), 'compose.schema.json')
  const definitions = Object.entries(JSON.parse(schema).$defs) as [string, { properties: object }][]
  const bare = definitions.flatMap(([name, { properties }]) =>
    Object.entries(properties)
      .filter(
        ([key, one]) =>
          key !== 'gpu_slices' && !('description' in one && one.description !== 'TODO'),
      )
      .map(([key]) => `${name}.${key}`),
  )
  expect(bare).toEqual([])
})
