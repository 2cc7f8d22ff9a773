import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm, swarm } from '../model/dialect.ts'
import { interpolated } from '../model/variables.ts'

export const stackIgnoresDotenv: Rule<ComposeFile> = {
  id: 'compose/stack-ignores-dotenv',
  kind: 'breaks',
  severity: 'note',
  summary: 'Variables of a stack, which `.env` does not set',
  why: '`docker stack deploy` reads no `.env`: what stands there is not in force, and defaults are.',
  hint: 'Export them first: `set -a; . ./.env; set +a`.',
  references: ['docker stack deploy'],
  appliesTo: ['swarm'],
  bad: swarm({
    services: { app: { image: 'app:1', environment: { LOG_LEVEL: '${LOG_LEVEL:-info}' } } },
  }),
  good: swarm({ services: { app: { image: 'app:1', environment: { PRICE: '$${5}' } } } }),
  *check(document) {
    if (!isSwarm(document)) return
    const found = [...interpolated(document.data)]
    const [first] = found
    if (first === undefined) return
    const names = [...new Set(found.map(({ name }) => name))].sort()
    yield {
      path: first.path,
      message: `${names.join(', ')} ${names.length > 1 ? 'come' : 'comes'} from the shell alone, not from .env`,
    }
  },
}
