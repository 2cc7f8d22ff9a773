import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onEveryServiceWith } from '../../model/each-service.ts'
import { resolve } from '../../model/resolve.ts'

export const healthTestWord: Rule<ComposeFile> = {
  id: 'compose/health-test-word',
  kind: 'breaks',
  summary: 'A word of the list form in a healthcheck of one text',
  why: 'A shell reads the text and finds no program of that name: the service is never healthy.',
  hint: "Write `healthcheck: { test: ['CMD', 'curl', '-f', 'http://127.0.0.1/'] }`, or `healthcheck: { disable: true }` for none.",
  fileHint: "Write a list, as `['CMD', 'curl', '-f', 'http://127.0.0.1/']`, or `disable: true`.",
  references: ['Compose spec, healthcheck'],
  bad: { services: { app: { image: 'app:1', healthcheck: { test: 'NONE' } } } },
  good: { services: { app: { image: 'app:1', healthcheck: { test: ['NONE'] } } } },
  ...onEveryServiceWith('healthcheck', function* ({ name, service, path }) {
    const test = service.healthcheck?.test
    if (typeof test !== 'string') return
    const word = /^\s*(NONE|CMD|CMD-SHELL)(?=\s|$)/.exec(resolve(test))?.[1]
    if (word === undefined) return
    yield {
      path: [...path, 'healthcheck', 'test'],
      message: `the healthcheck of ${name} runs ${word}, which is not a program`,
    }
  }),
}
