import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'

export const stackInlineContent: Rule<ComposeFile> = {
  id: 'compose/stack-inline-content',
  kind: 'invalid',
  summary: 'Inline secret or config in a stack',
  why: '`docker stack deploy` supports only files and rejects `content` and `environment`.',
  hint: 'Write the text to a file and name it in `file`.',
  references: ['docker stack config, schema 3.13'],
  bad: swarm({
    services: { app: { image: 'app:1', configs: ['app'] } },
    configs: { app: { content: 'a=1' } },
  }),
  good: swarm({
    services: { app: { image: 'app:1', configs: ['app'] } },
    configs: { app: { file: './config/app.conf' } },
  }),
  ...onSwarm(function* (document) {
    for (const section of ['secrets', 'configs'] as const) {
      for (const [name, definition] of Object.entries(document.data[section] ?? {})) {
        for (const key of ['content', 'environment'] as const) {
          if (!(key in definition)) continue
          yield { path: [section, name, key], message: `a stack rejects ${key} of ${name}` }
        }
      }
    }
  }),
}
