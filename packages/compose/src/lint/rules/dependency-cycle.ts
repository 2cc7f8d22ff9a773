import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { everyService } from '../../model/each-service.ts'
import { readNeeds } from '../../model/needs.ts'

type Graph = ReadonlyMap<string, readonly string[]>

/** Follows the waits from one service; `done` has those that lead into no further cycle. */
function findCycle(start: string, graph: Graph, done: Set<string>): readonly string[] | undefined {
  // No recursion: a chain may be as long as the file has services.
  const chain = [{ name: start, left: [...(graph.get(start) ?? [])] }]
  const above = new Set([start])
  for (let last = chain.at(-1); last; last = chain.at(-1)) {
    const on = last.left.shift()
    if (on === undefined) {
      chain.pop()
      above.delete(last.name)
      done.add(last.name)
    } else if (above.has(on)) {
      for (const name of above) done.add(name)
      const names = [...above]
      return names.slice(names.indexOf(on))
    } else if (!done.has(on)) {
      const needs = graph.get(on)
      if (needs) chain.push({ name: on, left: [...needs] })
      if (needs) above.add(on)
    }
  }
  return undefined
}

function* cycles(graph: Graph, does: string, { services }: ComposeFile) {
  const done = new Set<string>()
  for (const name of graph.keys()) {
    const cycle = done.has(name) ? undefined : findCycle(name, graph, done)
    if (!cycle) continue
    const [first = name] = cycle
    const key = does === 'extends' ? 'extends' : 'depends_on'
    yield {
      path: ['services', first, ...(services?.[first]?.[key] ? [key] : [])],
      message: [...cycle, first].join(` ${does} `),
    }
  }
}

export const dependencyCycle: Rule<ComposeFile> = {
  id: 'compose/dependency-cycle',
  kind: 'invalid',
  summary: 'Circular dependency between services',
  why: 'Compose rejects the file: "dependency cycle detected".',
  hint: 'Remove one dependency, and let that service retry until the other one answers.',
  references: ['Compose spec, depends_on'],
  appliesTo: [
    'depends_on',
    'links',
    'volumes_from',
    'network_mode',
    'pid',
    'ipc',
    'uts',
    'extends',
  ],
  bad: {
    services: {
      a: { image: 'a:1', depends_on: ['b'] },
      b: { image: 'b:1', depends_on: ['a'] },
    },
  },
  good: { services: { a: { image: 'a:1', depends_on: ['b'] }, b: { image: 'b:1' } } },
  *check({ data }) {
    const starts = new Map<string, readonly string[]>()
    const bases = new Map<string, readonly string[]>()
    for (const place of everyService(data)) {
      const needs = readNeeds(place)
      // A service without dependencies cannot be in a cycle.
      if (needs.length === 0) continue
      starts.set(
        place.name,
        needs.filter(({ first }) => first).map(({ on }) => on),
      )
      bases.set(
        place.name,
        needs.filter(({ first }) => !first).map(({ on }) => on),
      )
    }
    yield* cycles(starts, 'waits for', data)
    yield* cycles(bases, 'extends', data)
  },
}
