import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'

const succeeds =
  /(?:\|\||;)\s*(?:true|:|exit 0|echo\b[^|;&]*)\s*$|^\s*(?:true|:|exit 0|\/bin\/true)\s*$/

export const healthCannotFail: Rule<ComposeFile> = {
  id: 'compose/health-cannot-fail',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Healthcheck that always succeeds',
  why: 'The service is "healthy" regardless of its state.',
  hint: 'Let the exit code of the command be the result.',
  references: ['Dockerfile reference, HEALTHCHECK'],
  bad: {
    services: {
      app: { image: 'app:1', healthcheck: { test: 'curl -f http://127.0.0.1:9090/ || true' } },
    },
  },
  good: {
    services: {
      app: { image: 'app:1', healthcheck: { test: 'curl -f http://127.0.0.1:9090/ || exit 1' } },
    },
  },
  ...onServicesWith('healthcheck', function* ({ name, path, healthLine }) {
    const line = healthLine
    if (line === '' || !succeeds.test(line)) return
    yield {
      path: [...path, 'healthcheck', 'test'],
      message: `the healthcheck of ${name} cannot fail`,
    }
  }),
}
