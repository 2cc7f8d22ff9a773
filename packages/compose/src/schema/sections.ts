import { type Described, findFacts, memoize } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import type { Facts } from './facts.ts'
import { file } from './file.ts'
import { config, model, network, secret, volume } from './resource.ts'
import { service } from './service.ts'
import { typesOnly } from './validate.ts'

/** The nodes of a compose file, by their section. */
export const sections = {
  services: service,
  networks: network,
  volumes: volume,
  secrets: secret,
  configs: config,
  models: model,
} as const

/** The values of a file with a format, items that are unique, or a version that they need. */
const judged = memoize(findFacts(file, ['format', 'unique', 'requires'], typesOnly))
/** Nearly every value has this fact. */
const inSwarm = memoize(findFacts(file, ['swarm'], typesOnly))

/** Every value of a file whose entry has a fact. */
export function valuesWith(
  data: ComposeFile,
  fact: 'format' | 'unique' | 'requires' | 'swarm',
): readonly Described<Facts>[] {
  return fact === 'swarm' ? inSwarm(data).swarm : judged(data)[fact]
}
