import type { Rule } from '@erlmcp/core'
import type { ComposeFile, NumberLike } from '../../document.ts'
import { everyServiceWith } from '../../model/each-service.ts'
import { resolveNumber } from '../../model/resolve.ts'
import { bytes } from '../../model/sizes.ts'
import { deployValue, twins } from '../../model/twins.ts'

export const limitsDisagree: Rule<ComposeFile> = {
  id: 'compose/limits-disagree',
  kind: 'invalid',
  summary: 'Conflicting values for one limit',
  why: 'Compose rejects the file.',
  hint: 'Keep the value under `deploy`.',
  references: ['Compose Deploy spec, resources'],
  appliesTo: twins.map(([key]) => key),
  bad: {
    services: {
      app: {
        image: 'app:1',
        mem_limit: '256M',
        deploy: { resources: { limits: { memory: '1G' } } },
      },
    },
  },
  good: {
    services: { app: { image: 'app:1', deploy: { resources: { limits: { memory: '1G' } } } } },
  },
  *check({ data }) {
    for (const [key, below] of twins) {
      const isCount = key === 'pids_limit' || key === 'scale'
      const read = isCount ? resolveNumber : bytes
      const deployKey = ['deploy', ...below].join('.')
      for (const { name, service, path } of everyServiceWith(data, key)) {
        const own = read(service[key])
        if (own === undefined || deployValue(service, below.slice(0, -1)) === undefined) continue
        const other = deployValue(service, below) as NumberLike | undefined
        const deployed = read(other)
        // Compose reads a missing limit as 0.
        const isMissing = other === undefined && key !== 'scale'
        if (own === deployed || (deployed === undefined && !isMissing)) continue
        if (own === 0 && key !== 'scale') continue
        yield {
          path: [...path, key],
          message: `${name} has ${key} ${service[key]} but ${isMissing ? `no ${deployKey}` : `${deployKey} ${other}`}`,
          hint: `Keep ${deployKey}.`,
        }
      }
    }
  },
}
