import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Entry } from './define.ts'
import { file } from './file.ts'
import { service } from './service.ts'

// Written by scripts/oracles/compose-schemas.ts: the keys of compose-go's schema (Compose 5.3) and of
// the schema 3.13 of docker CLI 28.5.
const published: { readonly compose: string[]; readonly stack: string[] } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/published-keys.json'), 'utf8'),
)

/** The paths of all keys of a table, where `*` is a name and `[]` an item. */
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
    expect([...table].filter((key) => !keys.has(key) && !(key in added))).toEqual([])
  })

  test('each exception is one', () => {
    expect(Object.keys(leftOut).filter((key) => table.has(key) || !keys.has(key))).toEqual([])
    expect(Object.keys(added).filter((key) => keys.has(key) || !table.has(key))).toEqual([])
  })
})

describe('the stack schema of the docker CLI', () => {
  const inStack = new Set(
    published.stack.flatMap((path) => /^\.services\.\*\.(\w+)$/.exec(path)?.[1] ?? []),
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
