import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { type Place, servicesWith } from './reading/each-service.ts'

/** Follows the waits from one service; `done` has those that lead into no further cycle. */
function findCycle(
  start: Place,
  places: ReadonlyMap<string, Place>,
  done: Set<string>,
): readonly string[] | undefined {
  // No recursion: a chain may be as long as the file has services.
  const chain = [{ name: start.name, left: [...start.waits] }]
  const above = new Set([start.name])
  for (let last = chain.at(-1); last; last = chain.at(-1)) {
    const on = last.left.shift()?.on
    if (on === undefined) {
      chain.pop()
      above.delete(last.name)
      done.add(last.name)
    } else if (above.has(on)) {
      for (const name of above) done.add(name)
      const names = [...above]
      return names.slice(names.indexOf(on))
    } else if (!done.has(on)) {
      const place = places.get(on)
      if (place) chain.push({ name: on, left: [...place.waits] })
      if (place) above.add(on)
    }
  }
  return undefined
}

export const dependencyCycle: Rule<ComposeFile> = {
  id: 'compose/dependency-cycle',
  kind: 'invalid',
  summary: 'Services that wait for each other',
  why: 'Compose refuses the file: "dependency cycle detected".',
  help: 'Let one of them start without the other, and try again until it answers.',
  references: ['Compose spec, depends_on'],
  about: ['depends_on'],
  bad: {
    services: {
      a: { image: 'a:1', depends_on: ['b'] },
      b: { image: 'b:1', depends_on: ['a'] },
    },
  },
  good: { services: { a: { image: 'a:1', depends_on: ['b'] }, b: { image: 'b:1' } } },
  *check({ data }) {
    // Who waits for nobody is in no cycle.
    const waiting = servicesWith(data, 'depends_on')
    const places = new Map(waiting.map((place) => [place.name, place]))
    const done = new Set<string>()
    for (const place of places.values()) {
      const cycle = done.has(place.name) ? undefined : findCycle(place, places, done)
      if (!cycle) continue
      const [first = place.name] = cycle
      yield {
        path: ['services', first, 'depends_on'],
        message: [...cycle, first].join(' waits for '),
      }
    }
  },
}
