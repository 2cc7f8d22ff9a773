import { findSuggestion, type Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'
import { resolve } from '../model/resolve.ts'

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
  summary: 'An option that the driver of the log does not have',
  why: 'The engine refuses the container: "unknown log opt".',
  hint: 'Remove it.',
  references: ['Docker "JSON File logging driver"', 'Docker "Local file logging driver"'],
  appliesTo: ['logging'],
  bad: {
    services: { app: { image: 'app:1', logging: { driver: 'local', options: { tag: 'app' } } } },
  },
  good: {
    services: {
      app: { image: 'app:1', logging: { driver: 'local', options: { 'max-size': '10m' } } },
    },
  },
  *check({ data }) {
    for (const { name, service, path } of servicesWith(data, 'logging')) {
      const driver = resolve(service.logging?.driver)
      const options = known[driver]
      if (!options) continue
      for (const key of Object.keys(service.logging?.options ?? {})) {
        if (options.includes(key)) continue
        const meant = findSuggestion(key, [...options])
        yield {
          path: [...path, 'logging', 'options', key],
          message: `${name} has the option ${key}, which the driver ${driver} does not know`,
          hint: meant ? `Did you mean '${meant}'?` : `It knows ${options.join(', ')}.`,
        }
      }
    }
  },
}
