import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { resolve } from '../../model/resolve.ts'

export const openIsolatedNetwork: Rule<ComposeFile> = {
  id: 'compose/open-isolated-network',
  kind: 'insecure',
  severity: 'note',
  summary: 'Network named isolated that is not internal',
  why: 'Its containers reach the internet, and each other through the host.',
  hint: 'Set `internal: true`.',
  references: ['Compose spec, networks, internal'],
  appliesTo: ['networks'],
  bad: {
    services: { app: { image: 'app:1', networks: ['isolated'] } },
    networks: { isolated: {} },
  },
  good: {
    services: { app: { image: 'app:1', networks: ['isolated'] } },
    networks: { isolated: { internal: true } },
  },
  *check({ data }) {
    for (const [name, network] of Object.entries(data.networks ?? {})) {
      if (network?.external || resolve(network?.internal) === 'true') continue
      if (!/isolated|internal|private/i.test(name)) continue
      yield { path: ['networks', name], message: `${name} is not internal` }
    }
  },
}
