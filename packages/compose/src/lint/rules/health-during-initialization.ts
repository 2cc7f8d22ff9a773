import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'
import { knownImage } from '../model/image.ts'

interface InitServer {
  /** The clients that a healthcheck runs. */
  readonly client: RegExp
  /** The addresses on which it listens; without one, a client asks the first. */
  readonly listens: readonly string[]
}

const onSocket: InitServer = {
  client: /\b(?:mysqladmin|mysql|mariadb-admin|mariadb)\b/,
  listens: ['localhost'],
}
const onLoopback: InitServer = {
  client: /\bmongo(?:sh)?\b/,
  listens: ['localhost', '127.0.0.1'],
}

// The server with which the entrypoint fills an empty volume.
const initServers: ReadonlyMap<string, InitServer> = new Map([
  ['MySQL', onSocket],
  ['MariaDB', onSocket],
  ['MongoDB', onLoopback],
])

function isFooled(line: string, { client, listens }: InitServer): boolean {
  if (!client.test(line)) return false
  const [, host = listens[0]!] =
    /(?:\s-h\s*|--host[=\s]+|mongodb:\/\/(?:[^@\s]*@)?)["']?([^\s"'/:]+)/.exec(line) ?? []
  return listens.includes(host)
}

export const healthDuringInitialization: Rule<ComposeFile> = {
  id: 'compose/health-during-initialization',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A healthcheck that the server of the first start answers',
  why: 'While the entrypoint fills an empty volume it runs a server of its own. What waits for health then connects to one that is about to stop.',
  hint: 'Ask another address, as `-h 127.0.0.1`.',
  references: ['docker-library entrypoints of mysql, mariadb and mongo'],
  appliesTo: ['healthcheck'],
  bad: {
    services: {
      db: {
        image: 'mysql:8.4',
        healthcheck: { test: ['CMD', 'mysqladmin', 'ping', '-h', 'localhost'] },
      },
    },
  },
  good: {
    services: {
      db: {
        image: 'mysql:8.4',
        healthcheck: { test: ['CMD', 'mysqladmin', 'ping', '-h', '127.0.0.1'] },
      },
    },
  },
  *check({ data }) {
    for (const { name, path, image, healthLine } of servicesWith(data, 'healthcheck')) {
      const known = knownImage(image)
      const server = known && initServers.get(known.title)
      if (!server || healthLine.includes('healthcheck.sh')) continue
      if (!isFooled(healthLine, server)) continue
      yield {
        path: [...path, 'healthcheck', 'test'],
        message: `${name} is healthy while ${known.title} initializes its data`,
        hint: `Write test: ${JSON.stringify(known.health)}.`,
      }
    }
  },
}
