import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'
import { interpolated } from '../../model/variables.ts'

export const swarmIgnoresDotenv: Rule<ComposeFile> = {
  id: 'compose/swarm-ignores-dotenv',
  kind: 'breaks',
  severity: 'note',
  summary: 'Stack variables that `.env` does not set',
  why: '`docker stack deploy` does not read `.env`: the defaults apply instead of its values.',
  hint: 'Export them first: `set -a; . ./.env; set +a`.',
  references: ['docker stack deploy'],
  bad: swarm({
    services: { app: { image: 'app:1', environment: { LOG_LEVEL: '${LOG_LEVEL:-info}' } } },
  }),
  good: swarm({ services: { app: { image: 'app:1', environment: { PRICE: '$${5}' } } } }),
  ...onSwarm(function* (document) {
    const found = [...interpolated(document.data)]
    const [first] = found
    if (first === undefined) return
    const names = [...new Set(found.map(({ name }) => name))].sort()
    yield {
      path: first.path,
      message: `${names.join(', ')} ${names.length > 1 ? 'come' : 'comes'} only from the shell, not from .env`,
    }
  }),
}
