import { posix } from 'node:path'
import { memoize, type PortRange, type Rule, type RuleContext } from '@erlmcp/core'
import type { ComposeFile, Service } from '../../document.ts'
import { onServicesWith, pathOfPort } from '../../model/each-service.ts'
import { formatRange, includes, rangeOf } from '../../model/ports.ts'
import { resolve } from '../../model/resolve.ts'

export const publishedPortNotExposed: Rule<ComposeFile> = {
  id: 'compose/published-port-not-exposed',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Published port that the image does not expose',
  why: 'Connections are refused or reset, while the container is healthy.',
  hint: 'Publish a port that the image exposes, or add EXPOSE to its Dockerfile.',
  references: ['Dockerfile reference, EXPOSE'],
  bad: {
    services: {
      app: {
        build: { dockerfile_inline: 'FROM app:1\nEXPOSE 8080\n' },
        ports: ['127.0.0.1:80:80'],
      },
    },
  },
  good: {
    services: {
      app: {
        build: { dockerfile_inline: 'FROM app:1\nEXPOSE 8080\n' },
        ports: ['127.0.0.1:80:8080'],
      },
    },
  },
  ...onServicesWith('ports', function* (place, _document, context) {
    const exposed = exposedBy(place.service, context)
    if (exposed === undefined) return
    for (const port of place.ports) {
      const { target } = port
      if (target === undefined || exposed.some((one) => includes(one, target[0]))) continue
      yield {
        path: pathOfPort(place, port),
        message: `${place.name} publishes port ${formatRange(target)} of the container, but its image exposes ${exposed.map(formatRange).join(', ')}`,
      }
    }
  }),
}

/** The ports that the service's Dockerfile exposes; undefined where that is not known. */
function exposedBy({ build }: Service, context: RuleContext): readonly PortRange[] | undefined {
  if (typeof build !== 'object') return undefined
  const { dockerfile, dockerfile_inline: inline, target } = build
  const path = posix.join(resolve(build.context ?? '.'), resolve(dockerfile ?? 'Dockerfile'))
  const document = context.documents.find(
    (one) => one.path === path && one.format.name === 'dockerfile',
  )
  const text = inline ?? (document && printed(document))
  return text === undefined ? undefined : exposedIn(text, target && resolve(target))
}

const printed = memoize((document: RuleContext['documents'][number]) =>
  document.format.print(document.data, []),
)

/** What a stage and those it starts from expose; undefined for nothing, or what a variable says. */
function exposedIn(text: string, target: string | undefined): readonly PortRange[] | undefined {
  const stages = text.split(/^(?=FROM\s)/im).flatMap((part) => {
    const [, from, name] = /^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(part) ?? []
    const words = [...part.matchAll(/^EXPOSE\s+(.+)$/gim)].flatMap((one) => one[1]!.split(/\s+/))
    return from === undefined ? [] : [{ from, name, words }]
  })
  const found: string[] = []
  let stage = target === undefined ? stages.at(-1) : stages.find(({ name }) => name === target)
  for (let left = stages.length; stage !== undefined && left > 0; left--) {
    found.push(...stage.words)
    const { from } = stage
    stage = stages.find(({ name }) => name === from)
  }
  const ranges = found.map((word) => rangeOf(word.replace(/\/\w+$/, '')))
  const known = ranges.filter((range) => range !== undefined)
  return known.length > 0 && known.length === ranges.length ? known : undefined
}
