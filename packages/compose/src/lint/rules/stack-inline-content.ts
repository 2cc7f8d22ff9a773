import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm, swarm } from '../model/dialect.ts'

export const stackInlineContent: Rule<ComposeFile> = {
  id: 'compose/stack-inline-content',
  kind: 'invalid',
  summary: 'A secret or config whose text a stack cannot take',
  why: '`docker stack deploy` knows files only and refuses `content` and `environment`.',
  hint: 'Put the text into a file and name it in `file`.',
  references: ['docker stack config, schema 3.13'],
  appliesTo: ['swarm'],
  bad: swarm({
    services: { app: { image: 'app:1', configs: ['app'] } },
    configs: { app: { content: 'a=1' } },
  }),
  good: swarm({
    services: { app: { image: 'app:1', configs: ['app'] } },
    configs: { app: { file: './config/app.conf' } },
  }),
  *check(document) {
    if (!isSwarm(document)) return
    for (const section of ['secrets', 'configs'] as const) {
      for (const [name, definition] of Object.entries(document.data[section] ?? {})) {
        for (const key of ['content', 'environment'] as const) {
          if (!(key in definition)) continue
          yield { path: [section, name, key], message: `a stack refuses ${key} of ${name}` }
        }
      }
    }
  },
}
