import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Entry } from './define.ts'
import { file } from './file.ts'

// Written by scripts/oracles/compose-schemas.ts: the keys of compose-go's schema (Compose 5.3) and of
// the schema 3.13 of docker CLI 28.5.
const published: { readonly compose: string[]; readonly stack: string[] } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/published-keys.json'), 'utf8'),
)

/** All keys of a table by path, where `*` is a name and `[]` an item. */
function tableKeys(root: Entry): Map<string, Entry> {
  const paths = new Map<string, Entry>()
  collect(root, '')
  return paths

  function collect(entry: Entry, path: string): void {
    if (entry.type === 'object') {
      for (const [key, one] of Object.entries(entry.keys)) {
        paths.set(`${path}.${key}`, one)
        collect(one, `${path}.${key}`)
      }
    } else if (entry.type === 'map') collect(entry.values, `${path}.*`)
    else if (entry.type === 'list') collect(entry.items, `${path}[]`)
    else if (entry.type === 'union') for (const one of entry.options) collect(one, path)
  }
}

describe('the published schema of Compose', () => {
  const keys = new Set(published.compose)
  const table = tableKeys(file)
  // Keys that the table leaves out on purpose, with the reason.
  const leftOut: Readonly<Record<string, string>> = {}
  // Keys of the table that the published schema does not have, with the reason.
  const added: Readonly<Record<string, string>> = {}

  test('has hundreds of keys', () => expect(keys.size).toBeGreaterThan(300))

  test('has no key that the table lacks', () => {
    const missing = [...keys].filter((key) => !table.has(key) && !(key in leftOut))
    expect(missing).toEqual([])
  })

  test('has every key of the table', () => {
    expect([...table.keys()].filter((key) => !keys.has(key) && !(key in added))).toEqual([])
  })

  test('each exception is one', () => {
    expect(Object.keys(leftOut).filter((key) => table.has(key) || !keys.has(key))).toEqual([])
    expect(Object.keys(added).filter((key) => keys.has(key) || !table.has(key))).toEqual([])
  })
})

describe('the stack schema of the docker CLI', () => {
  const stack = new Set(published.stack)
  // The docker CLI accepts an ignored key before it ignores it (cli/compose/types,
  // UnsupportedProperties, ForbiddenProperties).
  const isAccepted = ({ swarm }: Entry) => typeof swarm === 'string' || swarm?.action === 'ignored'
  const table = [...tableKeys(file)].filter(([, { swarm }]) => swarm !== undefined)

  test('has each key that the table keeps or that a swarm ignores', () => {
    const wrong = table.filter(([path, entry]) => isAccepted(entry) && !stack.has(path))
    expect(wrong.map(([path]) => path)).toEqual([])
  })

  test('has no key that the table rejects', () => {
    const wrong = table.filter(([path, entry]) => !isAccepted(entry) && stack.has(path))
    expect(wrong.map(([path]) => path)).toEqual([])
  })

  test('has no key of a service that the table lacks', () => {
    const known = new Set(table.map(([path]) => path))
    const wrong = published.stack.filter(
      (path) => /^\.services\.\*\.\w+$/.test(path) && !known.has(path),
    )
    // No key of the Compose specification: the docker CLI's own name for `cgroup`.
    expect(wrong).toEqual(['.services.*.cgroupns_mode'])
  })
})
