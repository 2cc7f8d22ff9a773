import { findSuggestion, type Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { resolve } from '../../model/resolve.ts'

const cache = ['cache-disabled', 'cache-max-size', 'cache-max-file', 'cache-compress']
// Those of every driver.
const common = ['mode', 'max-buffer-size', ...cache]
const rotation = ['max-size', 'max-file', 'compress']
const fields = ['labels', 'labels-regex', 'env', 'env-regex', 'tag']
const known: Readonly<Record<string, readonly string[]>> = {
  'json-file': [...common, ...rotation, ...fields],
  local: [...common, ...rotation],
}

export const logOptionUnknown: Rule<ComposeFile> = {
  id: 'compose/log-option-unknown',
  kind: 'invalid',
  summary: 'Unknown option of the log driver',
  why: 'The engine rejects the container: "unknown log opt".',
  hint: 'Remove the option.',
  references: ['Docker "JSON File logging driver"', 'Docker "Local file logging driver"'],
  bad: {
    services: { app: { image: 'app:1', logging: { driver: 'local', options: { tag: 'app' } } } },
  },
  good: {
    services: {
      app: { image: 'app:1', logging: { driver: 'local', options: { 'max-size': '10m' } } },
    },
  },
  ...onServicesWith('logging', function* ({ name, service, path }) {
    const driver = resolve(service.logging?.driver)
    const options = known[driver]
    if (!options) return
    for (const key of Object.keys(service.logging?.options ?? {})) {
      if (options.includes(key)) continue
      const suggestion = findSuggestion(key, [...options])
      yield {
        path: [...path, 'logging', 'options', key],
        message: `${name} has the log option ${key}, which the driver ${driver} does not support`,
        hint: suggestion ? `Did you mean '${suggestion}'?` : `Use one of ${options.join(', ')}.`,
      }
    }
  }),
}
