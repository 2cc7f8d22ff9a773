import type { Path } from '@erlmcp/core'
import type { Entry } from './define.ts'
import type { Facts } from './facts.ts'
import { file } from './file.ts'

/**
 * A fact of every entry that has it, by its path, where `*` is a name: `services.*.build.args`.
 * Items of lists are left aside.
 */
export function factsByPath<Fact extends keyof Facts>(
  fact: Fact,
  root: Entry = file,
): ReadonlyMap<string, NonNullable<Facts[Fact]>> {
  const facts = new Map<string, NonNullable<Facts[Fact]>>()
  collect(root, [])
  return facts

  function collect(entry: Entry, path: Path): void {
    const value = entry[fact]
    if (value !== undefined) facts.set(path.join('.'), value as NonNullable<Facts[Fact]>)
    if (entry.type === 'object') {
      for (const [key, one] of Object.entries(entry.keys)) collect(one, [...path, key])
    } else if (entry.type === 'map') collect(entry.values, [...path, '*'])
    else if (entry.type === 'union') for (const one of entry.options) collect(one, path)
  }
}
