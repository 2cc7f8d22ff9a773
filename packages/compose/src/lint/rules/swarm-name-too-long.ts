import type { Rule } from '@erlmcp/core'
import { type ComposeFile, DIALECT } from '../../document.ts'
import { onSwarm, swarm } from '../../model/dialect.ts'
import { isKnown, resolve } from '../../model/resolve.ts'

// SwarmKit, manager/controlapi.
const longest = { services: 63, networks: 63, secrets: 64, configs: 64 } as const

export const swarmNameTooLong: Rule<ComposeFile> = {
  id: 'compose/swarm-name-too-long',
  kind: 'invalid',
  summary: 'Name too long for a swarm',
  why: 'A swarm prefixes each name with that of the stack, and rejects more than 63 characters: "name must be 63 characters or fewer".',
  hint: 'Use a shorter name.',
  references: ['SwarmKit, controlapi'],
  bad: swarm({ services: { [`app-${'x'.repeat(60)}`]: { image: 'app:1' } } }),
  good: swarm({ services: { app: { image: 'app:1' } } }),
  ...onSwarm(function* (document) {
    const { data } = document
    const stack = data[DIALECT]?.stack
    for (const [section, most] of Object.entries(longest)) {
      for (const [key, node] of Object.entries(data[section as keyof typeof longest] ?? {})) {
        const own = section === 'services' ? undefined : (node as { name?: string } | null)?.name
        const name = own === undefined ? (stack ? `${stack}_${key}` : key) : resolve(own)
        if (!isKnown(name) || name.length <= most) continue
        yield {
          path: [section, key],
          message: `${name} has ${name.length} characters, and the maximum for ${section} of a swarm is ${most}`,
        }
      }
    }
  }),
}
