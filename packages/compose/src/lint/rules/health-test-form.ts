import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onEveryServiceWith } from '../../model/each-service.ts'
import { isKnown, resolve } from '../../model/resolve.ts'

const forms = new Set(['NONE', 'CMD', 'CMD-SHELL'])

export const healthTestForm: Rule<ComposeFile> = {
  id: 'compose/health-test-form',
  kind: 'invalid',
  summary: 'A healthcheck without CMD in front',
  why: 'Compose refuses the list: its first word must be NONE, CMD or CMD-SHELL.',
  hint: 'Put `CMD` in front.',
  references: ['Compose spec, healthcheck'],
  bad: {
    services: {
      app: { image: 'app:1', healthcheck: { test: ['curl', '-f', 'http://127.0.0.1/'] } },
    },
  },
  good: {
    services: {
      app: { image: 'app:1', healthcheck: { test: ['CMD', 'curl', '-f', 'http://127.0.0.1/'] } },
    },
  },
  ...onEveryServiceWith('healthcheck', function* ({ name, service, path }) {
    const test = service.healthcheck?.test
    if (test === undefined || typeof test === 'string') return
    if (test.length === 0 || forms.has(resolve(test[0]))) return
    if (!isKnown(resolve(test[0]))) return
    yield {
      path: [...path, 'healthcheck', 'test'],
      message: `the healthcheck of ${name} begins with ${test[0]}`,
    }
  }),
}
