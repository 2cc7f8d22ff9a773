// Extracts the key paths of the published schemas of Compose and of `docker stack`:
// `npx tsx scripts/oracles/compose-schemas.ts <compose-go schema> <docker CLI stack schema>`
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type Json = Readonly<Record<string, unknown>>

const root = join(import.meta.dirname, '../..')
const output = join(root, 'packages/compose/fixtures/published-keys.json')
const [compose, stack] = process.argv.slice(2)
if (!compose || !stack) throw new Error('expected the paths of two JSON Schemas')

/** The paths of all keys of a JSON Schema, where `*` is a name and `[]` an item. */
function publishedKeys(schema: Json): string[] {
  const paths = new Set<string>()
  collect(schema, '', [])
  return [...paths].sort()

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
    return steps.reduce((node, step) => node[step] as Json, schema)
  }
}

const keysOf = (path: string) => publishedKeys(JSON.parse(readFileSync(path, 'utf8')))
const published = { compose: keysOf(compose), stack: keysOf(stack) }
writeFileSync(output, JSON.stringify(published))
execFileSync('npx', ['biome', 'format', '--write', output], { cwd: root })
