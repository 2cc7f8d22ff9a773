import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../../model/dialect.ts'
import { pathOfPort } from '../../model/each-service.ts'
import { collisions, hostPorts } from '../../model/host-ports.ts'
import { earlierFiles } from '../../model/other-files.ts'
import { formatRange } from '../../model/ports.ts'

export const hostPortClashBetweenFiles: Rule<ComposeFile> = {
  id: 'compose/host-port-clash-between-files',
  kind: 'breaks',
  severity: 'note',
  summary: 'Host port published by two files of the stack',
  why: 'The two files cannot run at the same time.',
  hint: 'Give one of them another port, unless they never run together.',
  references: ['dclint no-duplicate-exported-ports'],
  appliesTo: ['ports'],
  bad: { name: 'app', services: { app: { image: 'app:1', ports: ['127.0.0.1:7001:7001'] } } },
  good: { name: 'app', services: { app: { image: 'app:1', ports: ['127.0.0.1:7002:7001'] } } },
  *check(document, context) {
    if (isSwarm(document)) return
    const own = hostPorts(document.data)
    if (own.length === 0) return
    for (const other of earlierFiles(document, context)) {
      if (isSwarm(other)) continue
      const theirs = hostPorts(other.data)
      const all = [...theirs, ...own].sort((a, b) => a.published[0] - b.published[0])
      const mine = new Set(own)
      for (const [a, b] of collisions(all)) {
        if (mine.has(a) === mine.has(b)) continue
        const [here, there] = mine.has(a) ? [a, b] : [b, a]
        yield {
          path: pathOfPort(here.place, here.port),
          message: `${here.place.name} publishes port ${formatRange(here.published)}, as ${there.place.name} of ${other.path} does`,
        }
      }
    }
  },
}
