import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'

const succeeds =
  /(?:\|\||;)\s*(?:true|:|exit 0|echo\b[^|;&]*)\s*$|^\s*(?:true|:|exit 0|\/bin\/true)\s*$/

export const healthCannotFail: Rule<ComposeFile> = {
  id: 'compose/health-cannot-fail',
  kind: 'breaks',
  severity: 'warning',
  summary: 'A healthcheck that always succeeds',
  why: 'The service is "healthy" whatever state it is in.',
  hint: "Let the command's own exit code be the answer.",
  references: ['Dockerfile reference, HEALTHCHECK'],
  appliesTo: ['healthcheck'],
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
  *check({ data }) {
    for (const { name, path, healthLine } of servicesWith(data, 'healthcheck')) {
      const line = healthLine
      if (line === '' || !succeeds.test(line)) continue
      yield {
        path: [...path, 'healthcheck', 'test'],
        message: `the healthcheck of ${name} cannot fail`,
      }
    }
  },
}
