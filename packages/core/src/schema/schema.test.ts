import { describe, expect, test } from 'vitest'
import { findFacts } from './find-facts.ts'
import { matches } from './matches.ts'
import * as schema from './schema.ts'
import { describe as describeSchema, formatViolation, validate } from './validate.ts'

const { any, boolean, formatted, integer, kind, list, map, matching, nil, number, object } = schema
const { oneOf, string, union } = schema

const port = formatted(
  union(integer, string),
  matching(/^\d{1,5}$/, 'a port from 1 to 65535', 'Write a number from 1 to 65535.'),
)
const service = object(
  {
    image: string,
    ports: list(union(port, object({ target: port }, { required: ['target'] }))),
    labels: union(map(union(string, number, boolean, nil)), list(string)),
    ipc: oneOf('host', 'private'),
    db: kind('service'),
  },
  { required: ['image'], additional: 'x-' },
)

const messages = (value: unknown, options = {}) =>
  validate(service, value, options).map(formatViolation)

test('a valid value has no violations', () => {
  const value = { image: 'a', ports: [80, '81', { target: '82' }], labels: { a: null }, 'x-a': 1 }
  expect(messages(value)).toEqual([])
  expect(matches(service, value)).toBe(true)
})

test('every violation has its path', () => {
  const value = {
    prots: [],
    ports: ['x', { target: 'y' }, {}, true],
    labels: { a: [] },
    ipc: 'guest',
    db: { kind: 'network', name: 'edge' },
  }
  expect(messages(value)).toEqual([
    'unknown key prots',
    'ports[0]: expected a port from 1 to 65535, got "x"',
    'ports[1].target: expected a port from 1 to 65535, got "y"',
    'ports[2]: missing key target',
    'ports[3]: expected a port from 1 to 65535 or an object, got true',
    'labels.a: expected a string, a number, a boolean or null, got a list',
    'ipc: expected "host" or "private", got "guest"',
    'db: expected a service, got the network edge, not created by its function',
    'missing key image',
  ])
})

test('names of objects are keys only where the schema has them', () => {
  expect(messages({ image: 'a', constructor: 1 })).toEqual(['unknown key constructor'])
  expect(messages(JSON.parse('{"image":"a","__proto__":1}'))).toEqual(['unknown key __proto__'])
})

describe('texts with placeholders', () => {
  const resolve = (text: string) => (text === '$x' ? undefined : text.replace('$port', '80'))
  test('are read with their values', () => {
    const value = { image: 'a', ports: ['$port', '$x'], ipc: '$x' }
    expect(messages(value, { resolve })).toEqual([])
    expect(messages({ image: 'a', ports: ['$y'] }, { resolve })).toHaveLength(1)
  })
  test('need no format', () => {
    expect(messages({ image: 'a', ports: ['$y'] }, { formats: false })).toEqual([])
  })
})

test.each<[schema.Schema, string]>([
  [any, 'any value'],
  [union(string, list(string)), 'a string or a list'],
  [union(string, number, nil), 'a string, a number or null'],
  [oneOf('a', 'b'), '"a" or "b"'],
  [kind('interpolation'), 'an interpolation'],
  [port, 'a port from 1 to 65535'],
])('%j is described', (one, expected) => {
  expect(describeSchema(one)).toBe(expected)
})

test('values are found by the facts of their schema', () => {
  interface Facts {
    readonly since?: string
  }
  const file: schema.Schema<Facts> = schema.object<Record<string, unknown>, Facts>({
    image: string,
    hooks: { ...list<Facts>(map<Facts>({ ...string, since: '2' })), since: '1' },
  })
  const value = { image: 'a', hooks: [{ a: 'x' }] }
  const { since } = findFacts(file, ['since'])(value)
  expect(since.map(({ path }) => path.join('.'))).toEqual(['hooks', 'hooks.0.a'])
})
