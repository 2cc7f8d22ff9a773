import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { knownImage } from '../../model/image.ts'

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

function passesEarly(line: string, { client, listens }: InitServer): boolean {
  if (!client.test(line)) return false
  const [, host = listens[0]!] =
    /(?:\s-h\s*|--host[=\s]+|mongodb:\/\/(?:[^@\s]*@)?)["']?([^\s"'/:]+)/.exec(line) ?? []
  return listens.includes(host)
}

export const healthDuringInitialization: Rule<ComposeFile> = {
  id: 'compose/health-during-initialization',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Healthcheck that passes during initialization',
  why: 'The entrypoint initializes an empty volume with a temporary server. Services that wait for health then connect to a server that is about to stop.',
  hint: 'Connect to another address, such as `-h 127.0.0.1`.',
  references: ['docker-library entrypoints of mysql, mariadb and mongo'],
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
  ...onServicesWith('healthcheck', function* ({ name, path, image, healthLine }) {
    const known = knownImage(image)
    const server = known && initServers.get(known.title)
    if (!server || healthLine.includes('healthcheck.sh')) return
    if (!passesEarly(healthLine, server)) return
    yield {
      path: [...path, 'healthcheck', 'test'],
      message: `${name} is healthy while ${known.title} initializes its data`,
      hint: `Write test: ${JSON.stringify(known.health)}.`,
    }
  }),
}
