import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { waits } from './reading/dependencies.ts'
import { eachService, type Place } from './reading/each-service.ts'

function findCycle(
  name: string,
  places: ReadonlyMap<string, Place>,
  done: Set<string>,
  above: readonly string[],
): readonly string[] | undefined {
  const at = above.indexOf(name)
  if (at >= 0) return above.slice(at)
  const place = places.get(name)
  if (!place || done.has(name)) return undefined
  for (const { on } of waits(place)) {
    const cycle = findCycle(on, places, done, [...above, name])
    if (cycle) {
      done.add(name)
      return cycle
    }
  }
  done.add(name)
  return undefined
}

export const dependencyCycle: Rule<ComposeFile> = {
  id: 'compose/dependency-cycle',
  kind: 'invalid',
  summary: 'Services that wait for each other',
  why: 'Compose refuses the file: "dependency cycle detected".',
  help: 'Let one of them start without the other, and try again until it answers.',
  references: ['Compose spec, depends_on'],
  bad: {
    services: {
      a: { image: 'a:1', depends_on: ['b'] },
      b: { image: 'b:1', depends_on: ['a'] },
    },
  },
  good: { services: { a: { image: 'a:1', depends_on: ['b'] }, b: { image: 'b:1' } } },
  *check({ data }) {
    const places = new Map(eachService(data).map((place) => [place.name, place]))
    const done = new Set<string>()
    for (const { name } of places.values()) {
      const cycle = findCycle(name, places, done, [])
      if (!cycle) continue
      yield {
        path: ['services', cycle[0] ?? name, 'depends_on'],
        message: `${[...cycle, cycle[0]].join(' waits for ')}`,
      }
    }
  },
}
