import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { eachService } from '../../model/each-service.ts'
import { words } from '../../model/words.ts'

const secretOption =
  /(?:^|\s)(?:--(?:requirepass|masterauth|password|pass|token|secret)[ =]|(?:PGPASSWORD|REDISCLI_AUTH)=(?!"?\$\$)|-setcookie )\S/

// A part of each pattern: searching for these first is cheaper, and nearly no line has one.
const hints = ['pass', 'auth', 'token', 'secret', 'PASSWORD', 'AUTH', 'cookie', 'redis-cli']

/** Whether a line has a password among its words. The option of `redis-cli` has one letter. */
function hasPassword(line: string): boolean {
  if (!hints.some((hint) => line.includes(hint))) return false
  if (secretOption.test(line)) return true
  if (!line.includes('redis-cli')) return false
  return line.split(/[|;&]/).some((command) => {
    const start = command.indexOf('redis-cli')
    return start >= 0 && /\s-a\s+\S/.test(command.slice(start))
  })
}

export const secretInArgv: Rule<ComposeFile> = {
  id: 'compose/secret-in-argv',
  kind: 'insecure',
  summary: 'Password in a command line',
  why: 'Every process of the container, `ps` on the host and `docker inspect` expose it.',
  hint: 'Let the program read it from a file, or from a variable that a script sets from the secret.',
  references: ['CIS Docker 4.10'],
  appliesTo: ['entrypoint', 'command', 'healthcheck'],
  bad: {
    services: {
      redis: { image: 'redis:8', command: ['redis-server', '--requirepass', '${REDIS_PASSWORD}'] },
    },
  },
  good: {
    services: { redis: { image: 'redis:8', command: ['redis-server', '/run/redis/redis.conf'] } },
  },
  *check({ data }) {
    for (const { name, service, path, healthLine } of eachService(data)) {
      for (const key of ['entrypoint', 'command'] as const) {
        if (!service[key]) continue
        if (!hasPassword(words(service[key]).join(' '))) continue
        yield { path: [...path, key], message: `${name} has a password in its ${key}` }
      }
      const line = healthLine
      if (line === '' || !hasPassword(line)) continue
      yield {
        path: [...path, 'healthcheck', 'test'],
        message: `${name} has a password in its healthcheck`,
      }
    }
  },
}
