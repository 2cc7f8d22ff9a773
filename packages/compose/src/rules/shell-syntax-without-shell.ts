import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { eachService } from './reading/each-service.ts'
import { isShell, words } from './reading/words.ts'

export const shellSyntaxWithoutShell: Rule<ComposeFile> = {
  id: 'compose/shell-syntax-without-shell',
  kind: 'breaks',
  summary: 'Shell syntax in a command that no shell reads',
  why: 'The program gets `$(cat file)` as it stands: a password is then that very text.',
  help: "Write `command: ['sh', '-c', 'exec program \"$(cat /run/secrets/name)\"']`, or let the program read the file.",
  fileHelp:
    "Write `['sh', '-c', 'exec program \"$$(cat file)\"']`, or let the program read the file.",
  references: ['Compose spec, command'],
  about: ['entrypoint', 'command'],
  bad: {
    services: {
      redis: { image: 'redis:8', command: 'redis-server --requirepass $(cat /run/secrets/redis)' },
    },
  },
  good: {
    services: { redis: { image: 'redis:8', command: ['redis-server', '/run/redis/redis.conf'] } },
  },
  *check({ data }) {
    for (const { name, service, path } of eachService(data)) {
      const entrypoint = words(service.entrypoint)
      for (const key of ['entrypoint', 'command'] as const) {
        const argv = words(service[key])
        if (!argv.some((word) => word.includes('$(') || word.includes('`'))) continue
        if (isShell(argv) || isShell(entrypoint)) continue
        yield {
          path: [...path, key],
          message: `${name} has shell syntax in its ${key}, which no shell reads`,
        }
      }
    }
  },
}
