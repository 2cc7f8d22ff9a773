import { type Described, type FindOptions, findFacts } from '@erlmcp/core'
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

/** Every value of a file whose entry has a fact, or those of them that are wanted. */
export function valuesWith(
  data: ComposeFile,
  fact: keyof Facts,
  where?: FindOptions<Facts>['where'],
): readonly Described<Facts>[] {
  return findFacts(file, data, fact, where ? { ...typesOnly, where } : typesOnly)
}
