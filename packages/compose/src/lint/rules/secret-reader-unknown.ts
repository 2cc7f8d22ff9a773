import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../model/dialect.ts'
import { servicesWith } from '../model/each-service.ts'
import { isBranded } from '../model/files.ts'
import { knownImage } from '../model/image.ts'
import { resolve } from '../model/resolve.ts'

export const secretReaderUnknown: Rule<ComposeFile> = {
  id: 'compose/secret-reader-unknown',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A made secret for a service whose user nobody knows',
  why: '`erlmcp secrets init` lets only the numeric users of services read the file, so the container gets "Permission denied".',
  hint: "Say the number of the image's user: `user: '1000:1000'`.",
  references: ['Compose spec, secrets, long syntax'],
  appliesTo: ['secrets'],
  bad: {
    services: { app: { image: 'app:1', secrets: ['key'] } },
    secrets: { key: { file: './secrets/key' } },
  },
  good: {
    services: { app: { image: 'app:1', user: '1000:1000', secrets: ['key'] } },
    secrets: { key: { file: './secrets/key' } },
  },
  *check(document, around) {
    // A swarm keeps secrets itself, and gives them to the user of the task.
    if (isSwarm(document)) return
    const made = new Set<string>()
    for (const [key, { file }] of Object.entries(document.data.secrets ?? {})) {
      if (file !== undefined && isBranded(document.path, resolve(file), around)) made.add(key)
    }
    if (made.size === 0) return
    for (const place of servicesWith(document.data, 'secrets')) {
      const { name, service, references, path, image } = place
      const known = service.build ? undefined : knownImage(image)
      const user = service.user ?? known?.user ?? known?.stepsDownTo ?? ''
      if (/^\d+(?::|$)/.test(user)) continue
      const read = references.filter(({ section, key }) => section === 'secrets' && made.has(key))
      const [first] = read
      if (first === undefined) continue
      yield {
        path: [...path, 'secrets', first.at],
        message: `${name} reads ${read.map(({ key }) => key).join(', ')}, and runs as ${service.user ?? 'whoever its image says'}`,
      }
    }
  },
}
