import { isObject, type Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { type Section, sections } from '../../model/references.ts'
import { isKnown, resolve } from '../../model/resolve.ts'

export const externalWithOptions: Rule<ComposeFile> = {
  id: 'compose/external-with-options',
  kind: 'invalid',
  summary: 'External definition with options',
  why: 'Compose rejects the file: an external object is created elsewhere.',
  hint: 'Keep `external: true` and `name`; set the other options where the object is created.',
  references: ['Compose spec, external', 'compose-go, validation/external.go'],
  appliesTo: ['external'],
  bad: {
    services: { app: { image: 'app:1', volumes: ['data:/data'] } },
    volumes: { data: { external: true, driver: 'local' } },
  },
  good: {
    services: { app: { image: 'app:1', volumes: ['data:/data'] } },
    volumes: { data: { external: true, name: 'shop-data' } },
  },
  *check({ data }) {
    for (const section of sections) {
      for (const [name, node] of Object.entries(data[section] ?? {})) {
        if (!isObject(node) || !isExternal(node.external)) continue
        const message = `the ${section.slice(0, -1)} ${name}`
        yield* ofName(node, section, name, message)
        for (const key of section === 'volumes' ? optionsOf(node) : []) {
          yield { path: [section, name, key], message: `${message} is external and has ${key}` }
        }
      }
    }
  },
}

/** The keys of an external definition beside its name. */
export function optionsOf(node: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(node).filter(
    (key) =>
      key !== 'external' && key !== 'name' && !key.startsWith('x-') && node[key] !== undefined,
  )
}

export function isExternal(external: unknown): boolean {
  if (isObject(external)) return true
  const text = resolve(external as string | boolean | undefined)
  return !isKnown(text) || /^(?:true|y|yes|on)$/i.test(text)
}

/** The old way, `external: { name }`, beside the new one. */
function* ofName(
  { external, name: own }: Record<string, unknown>,
  section: Section,
  key: string,
  message: string,
) {
  if (!isObject(external) || own === undefined) return
  const { name } = external
  if (name === undefined || name === own) return
  yield {
    path: [section, key, 'external'],
    message: `${message} has the names ${JSON.stringify(own)} and ${JSON.stringify(name)}`,
    hint: 'Write external: true, and the one name beside it.',
  }
}
