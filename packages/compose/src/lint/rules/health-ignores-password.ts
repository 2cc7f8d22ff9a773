import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../../model/each-service.ts'

export const healthIgnoresPassword: Rule<ComposeFile> = {
  id: 'compose/health-ignores-password',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Healthcheck that passes without the password',
  why: '`redis-cli ping` exits 0 on NOAUTH: a cache that rejects its clients is "healthy".',
  hint: 'Pass the password of the secret, and check that the reply is PONG.',
  references: ['Redis AUTH'],
  appliesTo: ['healthcheck'],
  bad: {
    services: {
      redis: {
        image: 'redis:8',
        command: ['redis-server', '--requirepass', 'x'],
        healthcheck: { test: ['CMD', 'redis-cli', 'ping'] },
      },
    },
  },
  good: {
    services: {
      redis: {
        image: 'redis:8',
        command: ['redis-server', '/run/redis/redis.conf'],
        healthcheck: {
          test: [
            'CMD-SHELL',
            'REDISCLI_AUTH="$$(cat /run/secrets/redis)" redis-cli ping | grep -q PONG',
          ],
        },
      },
    },
  },
  *check({ data }) {
    for (const { name, service, path, commandLine, healthLine } of servicesWith(
      data,
      'healthcheck',
    )) {
      const line = healthLine
      if (!line.includes('redis-cli') || !line.includes('ping')) continue
      if (/\s-a\s|--pass|REDISCLI_AUTH|PONG/.test(line)) continue
      const guarded = commandLine.includes('requirepass') || service.secrets !== undefined
      if (!guarded) continue
      yield {
        path: [...path, 'healthcheck', 'test'],
        message: `${name} is healthy whether or not its password is right`,
      }
    }
  },
}
