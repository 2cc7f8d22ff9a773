import { posix } from 'node:path'
import type { Rule, RuleContext } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm, swarm } from '../model/dialect.ts'
import { hasVariable, resolve } from '../model/resolve.ts'

// SwarmKit, manager/controlapi: less than these, and more than nothing.
const sizes = { configs: 1_024_000, secrets: 512_000 } as const

export const stackFileTooLarge: Rule<ComposeFile> = {
  id: 'compose/stack-file-too-large',
  kind: 'invalid',
  summary: 'A config or secret that is too large for a swarm, or empty',
  why: 'A swarm keeps them in its log, and refuses configs of 1000 KB, secrets of 500 KB, and empty ones.',
  hint: 'Put what is large into the image or a volume, and leave out what is empty.',
  references: ['SwarmKit, controlapi', 'Docker "Store configuration data using Docker Configs"'],
  appliesTo: ['swarm'],
  bad: swarm({
    services: { app: { image: 'app:1', configs: ['app'] } },
    configs: { app: { file: './config/empty.conf' } },
  }),
  good: swarm({
    services: { app: { image: 'app:1', configs: ['app'] } },
    configs: { app: { file: './config/app.conf' } },
  }),
  *check(document, around) {
    if (!isSwarm(document)) return
    for (const section of ['configs', 'secrets'] as const) {
      for (const [name, { file }] of Object.entries(document.data[section] ?? {})) {
        if (file === undefined || hasVariable(file)) continue
        const text = textOf(posix.join(posix.dirname(document.path), resolve(file)), around)
        if (text === undefined) continue
        const size = Buffer.byteLength(text)
        if (size > 0 && size < sizes[section]) continue
        const said = size === 0 ? 'is empty' : `has ${size} bytes`
        yield {
          path: [section, name, 'file'],
          message: `the file ${resolve(file)} of ${name} ${said}: a swarm takes from 1 to ${sizes[section] - 1} bytes`,
        }
      }
    }
  },
}

/** What a file has that the stack makes, or the project. */
function textOf(path: string, around: RuleContext): string | undefined {
  if (around.isSecret(path)) return undefined
  const made = around.documents.find((one) => one.path === path)
  return made ? made.format.print(made.data, []) : around.read?.(path)
}
