import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import * as jsYaml from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { COMMENT, COMMENTS, printYaml } from './yaml.ts'

// Text that some reader takes for something else, or that breaks a careless printer.
const tricky = fc.constantFrom(
  ...['', ' ', 'y', 'N', 'on', 'Off', 'yes', 'NO', 'true', 'null', '~', '<<', '=', '-', '?', ':'],
  ...['012', '0o14', '0x1F', '1_000', '22:22', '1:30:00', '2001-01-01', '2001-01-01T00:00:00Z'],
  ...[
    'e1',
    'E-5',
    '1e3',
    '1.5',
    '.5',
    '.inf',
    '-.INF',
    '.nan',
    '+1',
    '0b11',
    '127.0.0.1',
    '190:20:30.15',
  ],
  ...['a: b', 'a:', 'a #b', '#a', ' a', 'a ', 'a\tb', '- a', '? a', '[a]', '{a}', '*a', '&a', '!a'],
  ...['%a', '@a', '`a', '|', '>', "it's", '"a"', 'a\\b', '---', '...', '--- a', 'a\n---\nb'],
  ...[
    'a\nb',
    'a\nb\n',
    'a\nb\n\n',
    '\na',
    ' a\nb',
    'a\n b',
    'a\n\n\nb',
    'a\r\nb',
    'a\n\tb',
    'a\n #b',
  ],
  ...[
    '\u0085',
    'a\u2028b',
    '\ufeffa',
    '\u0000',
    '\u007f',
    '\u00e9',
    '\u{1f600}',
    'a\n\u0085b',
    '\ufffe',
  ],
  ...['$$', '${A:-b}', '${A:?no: way}', '10s', '1m30s', '512M', './a', '../a', '.a', '/a', 'a::b'],
)
const text = fc.oneof(tricky, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))
const key = text.filter((one) => one !== '__proto__')
const data = fc.letrec((again) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.boolean(),
    fc.constant(null),
    fc.array(again('tree'), { maxLength: 5 }),
    fc.dictionary(key, again('tree'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).tree

describe('printYaml', () => {
  const readers: readonly [string, (source: string) => unknown][] = [
    ['yaml, version 1.2', (source) => parse(source, { version: '1.2' })],
    ['yaml, version 1.1', (source) => parse(source, { version: '1.1' })],
    ['js-yaml', (source) => jsYaml.load(source)],
  ]
  it.each(readers)('is read back as the same data by %s', (_, read) => {
    fc.assert(
      fc.property(data, (one) => {
        expect(read(printYaml(one))).toEqual(one)
      }),
      { numRuns: rounds(1500) },
    )
  })

  it('is read back with keys longer than a reader looks ahead', () => {
    const long = { a: { [`${'k'.repeat(1500)}: `]: { b: 1 }, c: [1] } }
    for (const [, read] of readers) expect(read(printYaml(long))).toEqual(long)
  })

  it('prints what an author would write', () => {
    const file = {
      name: 'app',
      services: { app: { command: ['a', '-b'], ports: [{ target: 80 }], script: 'one\n two\n' } },
      volumes: { data: {} },
      none: undefined,
    }
    expect(printYaml(file, ['Made.', '', 'Twice.'])).toBe(`# Made.
#
# Twice.
name: app
services:
  app:
    command:
      - a
      - '-b'
    ports:
      - target: 80
    script: |
      one
       two
volumes:
  data: {}
`)
  })

  it('prints what is shared twice, without anchors', () => {
    const shared = { a: 1 }
    expect(printYaml({ p: shared, q: shared })).toBe('p:\n  a: 1\nq:\n  a: 1\n')
  })

  it('prints comments above items and keys, which they cannot leave', () => {
    const step = { run: 'make', [COMMENT]: 'first line\n\nlast: {line}' }
    const job = { steps: [{ a: { b: 1, [COMMENT]: 'inner' } }, step], [COMMENT]: 'the job' }
    const file = { jobs: { job } }
    const comments = printYaml(file)
      .split('\n')
      .filter((line) => line.includes('#'))
    expect(comments).toEqual([
      '  # the job',
      '      - # inner',
      '      # first line',
      '      #',
      '      # last: {line}',
    ])
    expect(parse(printYaml(file))).toEqual(JSON.parse(JSON.stringify(file)))
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (comment) => {
        const text = printYaml({
          list: [{ a: 1, [COMMENT]: comment }],
          b: { c: 2, [COMMENT]: comment },
        })
        expect(parse(text)).toEqual({ list: [{ a: 1 }], b: { c: 2 } })
      }),
    )
  })

  it('prints a remark about several lines behind their key', () => {
    const text = printYaml({
      gpu: { count: 2 },
      list: [1],
      [COMMENTS]: { gpu: 'new', list: 'too' },
    })
    expect(text).toBe('gpu: # new\n  count: 2\nlist: # too\n  - 1\n')
  })

  it('prints remarks behind their values, which they cannot leave', () => {
    const step = { uses: 'a/b@c0ffee', run: 'one\ntwo', [COMMENTS]: { uses: 'v1.2.3', run: 'no' } }
    expect(printYaml([step])).toBe('- uses: a/b@c0ffee # v1.2.3\n  run: |-\n    one\n    two\n')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (commentText, value) => {
        const text = printYaml({ key: value, next: 1, [COMMENTS]: { key: commentText } })
        expect(parse(text)).toEqual({ key: value, next: 1 })
      }),
    )
  })

  it.each([
    ['lone UTF-16 surrogate', 'a\ud800', 'lone surrogate'],
    ['a number without an end', Number.NaN, 'finite number'],
    ['a function', () => 1, 'Write a string'],
    ['a map of JavaScript', new Map([['a', 1]]), 'a.0: a Map cannot be printed as YAML'],
    ['a date', new Date(0), 'a.0: a Date cannot'],
    ['a promise', Promise.resolve(1), 'a.0: a Promise cannot'],
  ])('refuses %s', (_, bad, words) => {
    expect(() => printYaml({ a: [bad] })).toThrow(words)
  })

  it('names the path of a value that it rejects', () => {
    expect(() => printYaml({ services: { web: { ports: [80, 90n] } } })).toThrow(
      'services.web.ports.1: a bigint cannot be printed as YAML',
    )
    expect(() => printYaml({ a: { '\ud800': 1 } })).toThrow('a.\ud800: the string')
  })

  it('prints an object without a prototype, and one of a class with its fields', () => {
    const bare = Object.assign(Object.create(null), { a: {} })
    expect(printYaml(bare)).toBe('a: {}\n')
    expect(printYaml(Object.create(null))).toBe('{}\n')
    class Point {
      x = 1
    }
    expect(printYaml(new Point())).toBe('x: 1\n')
  })

  it('refuses a cycle', () => {
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    expect(() => printYaml(cycle)).toThrow('circular reference')
  })
})
