import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Fields } from './field.ts'
import { type InstructionEntry, instructions, type Keyword } from './instructions.ts'
import { mounts } from './mounts.ts'

// What BuildKit's parser and reference know, extracted by scripts/oracles/buildkit.ts.
const buildkit = JSON.parse(
  readFileSync(new URL('../../fixtures/buildkit.json', import.meta.url), 'utf8'),
)

/** What BuildKit knows and the tables leave out, with the reason. */
const omitted: Readonly<Record<string, string>> = {
  // Other names of `target`, `source`, `ro` and `rw`.
  ...{ dst: 'alias', destination: 'alias', src: 'alias', readonly: 'alias', readwrite: 'alias' },
}

const entries: readonly (readonly [string, InstructionEntry])[] = Object.entries(instructions)
const flagsOf = (keyword: string): Fields =>
  (instructions[keyword as Keyword] as InstructionEntry).flags
const namesOf = (fields: Fields) => Object.entries(fields).map(([key, { flag = key }]) => flag)

test('the instructions are those of BuildKit', () => {
  expect(entries.map(([keyword]) => keyword).sort()).toEqual(buildkit.instructions)
})

test.each(entries)('%s has the flags that BuildKit parses', (keyword, { flags }) => {
  expect(namesOf(flags).sort()).toEqual([...(buildkit.flags[keyword] ?? [])].sort())
})

test.each(Object.entries<Record<string, string>>(buildkit.since))(
  'flags of %s exist since the version that the reference names',
  (keyword, documented) => {
    const versions = Object.entries(flagsOf(keyword)).map(([key, { flag = key, since = '' }]) => [
      flag,
      since,
    ])
    expect(Object.fromEntries(versions)).toEqual(documented)
  },
)

test.each(Object.entries(mounts))(
  'a %s mount has the options of the reference',
  (type, { options }) => {
    const documented: readonly (readonly string[])[] = buildkit.mounts[type]
    expect(Object.keys(options).sort()).toEqual(documented.map(([name]) => name).sort())
  },
)

test('the mount types and options are those that BuildKit parses', () => {
  expect(Object.keys(mounts).sort()).toEqual(Object.keys(buildkit.mounts).sort())
  const known = Object.values(mounts).flatMap(({ options }) => Object.keys(options))
  const missing = buildkit.mountKeys.filter((key: string) => key !== 'type' && !known.includes(key))
  expect(missing.filter((key: string) => omitted[key] === undefined)).toEqual([])
})

test('enumerated values are those that BuildKit accepts', () => {
  const { network, security } = instructions.RUN.flags
  expect([...network.values].sort()).toEqual([...buildkit.network].sort())
  expect([...security.values].sort()).toEqual([...buildkit.security].sort())
  expect([...mounts.cache.options.sharing.values].sort()).toEqual([...buildkit.sharing].sort())
})
