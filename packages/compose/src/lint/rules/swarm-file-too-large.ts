import { posix } from 'node:path'
import type { Rule, RuleContext } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'
import { hasVariable, resolve } from '../../model/resolve.ts'

// SwarmKit, manager/controlapi: the first sizes that are too large.
const sizes = { configs: 1_024_000, secrets: 512_000 } as const

export const swarmFileTooLarge: Rule<ComposeFile> = {
  id: 'compose/swarm-file-too-large',
  kind: 'invalid',
  summary: 'Config or secret too large for a swarm, or empty',
  why: 'A swarm stores them in its log, and rejects configs of 1000 KB, secrets of 500 KB, and empty ones.',
  hint: 'Put a large file into the image or a volume, and remove an empty one.',
  references: ['SwarmKit, controlapi', 'Docker "Store configuration data using Docker Configs"'],
  bad: swarm({
    services: { app: { image: 'app:1', configs: ['app'] } },
    configs: { app: { file: './config/empty.conf' } },
  }),
  good: swarm({
    services: { app: { image: 'app:1', configs: ['app'] } },
    configs: { app: { file: './config/app.conf' } },
  }),
  ...onSwarm(function* (document, context) {
    for (const section of ['configs', 'secrets'] as const) {
      for (const [name, { file }] of Object.entries(document.data[section] ?? {})) {
        if (file === undefined || hasVariable(file)) continue
        const text = textOf(posix.join(posix.dirname(document.path), resolve(file)), context)
        if (text === undefined) continue
        const size = Buffer.byteLength(text)
        if (size > 0 && size < sizes[section]) continue
        const fault = size === 0 ? 'is empty' : `has ${size} bytes`
        yield {
          path: [section, name, 'file'],
          message: `the file ${resolve(file)} of ${name} ${fault}: a swarm accepts 1 to ${sizes[section] - 1} bytes`,
        }
      }
    }
  }),
}

/** The text of a file of the stack or of the project. */
function textOf(path: string, context: RuleContext): string | undefined {
  if (context.isSecret(path)) return undefined
  const made = context.documents.find((one) => one.path === path)
  return made ? made.format.print(made.data, []) : context.read?.(path)
}
