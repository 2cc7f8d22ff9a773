import { isObject, type Path, type Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { everyService, type Place } from '../../model/each-service.ts'
import { readNeeds } from '../../model/needs.ts'
import { isKnown, resolve } from '../../model/resolve.ts'

export const undefinedDependency: Rule<ComposeFile> = {
  id: 'compose/undefined-dependency',
  kind: 'invalid',
  summary: 'Dependency on an undefined service',
  why: 'Compose rejects the file.',
  hint: 'Pass the service itself instead of its name, which adds it to the file, or fix the name; `required: false` is for a service that a profile leaves out.',
  fileHint:
    'Define the service, or fix the name; `required: false` is for a service that a profile leaves out.',
  references: ['Compose spec, depends_on', 'compose-go, loader/validate.go'],
  appliesTo: [
    ...['depends_on', 'links', 'volumes_from', 'network_mode', 'pid', 'ipc', 'uts', 'extends'],
    'build',
  ],
  bad: { services: { app: { image: 'app:1', depends_on: ['db'] } } },
  good: {
    services: { app: { image: 'app:1', depends_on: ['db'] }, db: { image: 'postgres:17' } },
  },
  *check({ data }) {
    // Included files may define it.
    if (data.include) return
    for (const place of everyService(data)) {
      for (const { on, at, does } of readNeeds(place)) {
        if (!isKnown(on) || Object.hasOwn(data.services ?? {}, on)) continue
        yield {
          path: [...place.path, ...at],
          message: `${place.name} ${does} ${on}, which is not a service of this file`,
        }
      }
      yield* ofContexts(place, data)
    }
  },
}

/** A build may begin from the image of another service, which must have a build. */
function* ofContexts({ name, service, path }: Place, { services = {} }: ComposeFile) {
  const { build } = service
  const contexts: unknown = isObject(build) ? build.additional_contexts : undefined
  for (const [key, text] of pairs(contexts)) {
    const on = /^service:(.*)$/.exec(resolve(text))?.[1]
    if (on === undefined || !isKnown(on)) continue
    const at: Path = [...path, 'build', 'additional_contexts', key]
    const other = Object.hasOwn(services, on) ? services[on] : undefined
    if (!other)
      yield { path: at, message: `${name} builds from ${on}, which is not a service of this file` }
    else if (!other.build) {
      const hint = `Give ${on} a build, or name its image: docker-image://…`
      yield { path: at, message: `${name} builds from ${on}, which has no build`, hint }
    }
  }
}

function pairs(contexts: unknown): readonly (readonly [string | number, string])[] {
  if (Array.isArray(contexts)) {
    return contexts.map((one, index) => [index, String(one).replace(/^[^=]*=/, '')])
  }
  return isObject(contexts) ? Object.entries(contexts).map(([key, one]) => [key, String(one)]) : []
}
