import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from '../../model/dialect.ts'
import { servicesWith } from '../../model/each-service.ts'
import { isGenerated } from '../../model/files.ts'
import { knownImage } from '../../model/image.ts'
import { resolve } from '../../model/resolve.ts'

export const secretReaderUnknown: Rule<ComposeFile> = {
  id: 'compose/secret-reader-unknown',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Generated secret for an unknown user',
  why: '`erlmcp secrets init` lets only the numeric users of services read the file, so that the container gets "Permission denied".',
  hint: "Set the number of the user of the image: `user: '1000:1000'`.",
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
  *check(document, context) {
    // A swarm stores secrets itself, and gives them to the user of the task.
    if (isSwarm(document)) return
    const made = new Set<string>()
    for (const [key, { file }] of Object.entries(document.data.secrets ?? {})) {
      if (file !== undefined && isGenerated(document.path, resolve(file), context)) made.add(key)
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
        message: `${name} reads ${read.map(({ key }) => key).join(', ')}, but runs as ${service.user ?? 'the user of its image'}`,
      }
    }
  },
}
