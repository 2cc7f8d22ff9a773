import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { documentedFunctions } from './testing/docstrings.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const packages = join(root, 'packages')
const sources = readdirSync(packages).flatMap((name) =>
  readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.test|\.gen|\.d)\.ts$/.test(file))
    .map((file) => join(packages, name, 'src', file)),
)
const functions = sources.flatMap((file) =>
  documentedFunctions(readFileSync(file, 'utf8')).map((one) => ({
    ...one,
    place: `${relative(root, file)}:${one.line} ${one.name}`,
  })),
)

describe('the documentation of exported functions', () => {
  test('is found', () => {
    expect(functions.length).toBeGreaterThan(500)
    expect(functions.flatMap(({ calls }) => calls).length).toBeGreaterThan(100)
  })

  test('names parameters that the function has', () => {
    const wrong = functions.flatMap(({ place, params, signatures }) => {
      const names = new Set(signatures.flatMap((signature) => signature.names))
      return names.has(undefined)
        ? []
        : params.filter((param) => !names.has(param)).map((param) => `${place}: @param ${param}`)
    })
    expect(wrong).toEqual([])
  })

  test('calls the function with as many arguments as it has', () => {
    const wrong = functions.flatMap(({ place, calls, signatures }) =>
      calls
        .filter((count) => !signatures.some(({ least, most }) => least <= count && count <= most))
        .map((count) => `${place}: a call with ${count} arguments`),
    )
    expect(wrong).toEqual([])
  })
})

test('a documentation comment is read with the signature below it', () => {
  const source = `/**
 * Adds.
 *
 * @param a first
 * @param c not there
 * @example add(1) // 2
 * @example
 * add<number>(1, f(2, 3), { b: [4, 5] })
 */
export function add<T>(a: T, b: Map<string, T> = new Map(), ...rest: T[]): T {}
`
  expect(documentedFunctions(source)).toEqual([
    {
      name: 'add',
      line: 10,
      params: ['a', 'c'],
      calls: [1, 3],
      signatures: [{ names: ['a', 'b', 'rest'], least: 1, most: Number.POSITIVE_INFINITY }],
    },
  ])
})
