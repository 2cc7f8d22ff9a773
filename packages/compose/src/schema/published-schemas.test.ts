import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Entry } from './define.ts'
import { file } from './file.ts'
import { service } from './service.ts'

type Json = Readonly<Record<string, unknown>>

const read = (name: string) =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, `../../fixtures/schema/${name}`), 'utf8'))

/** The paths of all keys of a JSON Schema, where `*` is a name and `[]` an item. */
function publishedKeys(root: Json): Set<string> {
  const paths = new Set<string>()
  collect(root, '', [])
  return paths

  function collect(node: Json, path: string, seen: readonly Json[]): void {
    if (typeof node !== 'object' || node === null || seen.includes(node)) return
    const inside = [...seen, node]
    if (typeof node.$ref === 'string') collect(at(node.$ref), path, inside)
    for (const key of ['oneOf', 'anyOf', 'allOf']) {
      for (const one of (node[key] as Json[] | undefined) ?? []) collect(one, path, inside)
    }
    for (const [key, one] of Object.entries((node.properties ?? {}) as Record<string, Json>)) {
      paths.add(`${path}.${key}`)
      collect(one, `${path}.${key}`, inside)
    }
    const named = Object.entries((node.patternProperties ?? {}) as Record<string, Json>)
    for (const [pattern, one] of named) {
      if (!pattern.startsWith('^x-')) collect(one, `${path}.*`, inside)
    }
    if (typeof node.additionalProperties === 'object') {
      collect(node.additionalProperties as Json, `${path}.*`, inside)
    }
    if (typeof node.items === 'object') collect(node.items as Json, `${path}[]`, inside)
  }

  function at(reference: string): Json {
    const steps = reference.replace(/^#\//, '').split('/')
    return steps.reduce((node, step) => node[step] as Json, root)
  }
}

/** The same of the table. */
function tableKeys(root: Entry): Set<string> {
  const paths = new Set<string>()
  collect(root, '')
  return paths

  function collect(entry: Entry, path: string): void {
    if (entry.type === 'object') {
      for (const [key, one] of Object.entries(entry.keys)) {
        paths.add(`${path}.${key}`)
        collect(one, `${path}.${key}`)
      }
    } else if (entry.type === 'map') collect(entry.values, `${path}.*`)
    else if (entry.type === 'list') collect(entry.items, `${path}[]`)
    else if (entry.type === 'union') for (const one of entry.options) collect(one, path)
  }
}

describe('the published schema of Compose', () => {
  const published = publishedKeys(read('compose-spec.json'))
  const table = tableKeys(file)
  // Keys that the table leaves out on purpose, with the reason.
  const leftOut: Readonly<Record<string, string>> = {}
  // Keys of the table that the published schema does not have, with the reason.
  const added: Readonly<Record<string, string>> = {}

  test('has hundreds of keys', () => expect(published.size).toBeGreaterThan(300))

  test('has no key that the table lacks', () => {
    const missing = [...published].filter((key) => !table.has(key) && !(key in leftOut))
    expect(missing).toEqual([])
  })

  test('has every key of the table', () => {
    expect([...table].filter((key) => !published.has(key) && !(key in added))).toEqual([])
  })

  test('each exception is one', () => {
    expect(Object.keys(leftOut).filter((key) => table.has(key) || !published.has(key))).toEqual([])
    expect(Object.keys(added).filter((key) => published.has(key) || !table.has(key))).toEqual([])
  })
})

describe('the stack schema of the docker CLI', () => {
  const published = publishedKeys(read('stack-3.13.json'))
  const inStack = new Set(
    [...published].flatMap((path) => /^\.services\.\*\.(\w+)$/.exec(path)?.[1] ?? []),
  )
  const actionOf = (key: string) => {
    const { swarm = 'refuse' } = service.keys[key] ?? {}
    return typeof swarm === 'string' ? swarm : swarm.action
  }

  // The docker CLI accepts them and then ignores them (cli/compose/types, UnsupportedProperties),
  // or refuses them after its schema (ForbiddenProperties).
  const accepted = ['kept', 'converted', 'ignore']

  test('has each key that the table keeps or that the docker CLI ignores', () => {
    const wrong = Object.keys(service.keys).filter(
      (key) => accepted.includes(actionOf(key)) && !inStack.has(key),
    )
    expect(wrong).toEqual([])
  })

  test('has no key that the table refuses', () => {
    const wrong = [...inStack].filter((key) => !accepted.includes(actionOf(key)))
    // No key of the Compose specification: the docker CLI's own name for `cgroup`.
    expect(wrong).toEqual(['cgroupns_mode'])
  })
})
