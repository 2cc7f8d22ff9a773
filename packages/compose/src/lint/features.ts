import type { Document } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { isSwarm } from '../model/dialect.ts'
import { keysOfServices } from '../model/each-service.ts'
import { sections } from '../model/references.ts'

/**
 * The features of a compose file that rules apply to: the keys of the file, of its services and of
 * its definitions, and `swarm` for a stack file.
 */
export function featuresOf(document: Document<ComposeFile>): ReadonlySet<string> {
  const { data } = document
  const features = new Set([...Object.keys(data), ...keysOfServices(data)])
  for (const section of sections) {
    for (const definition of Object.values(data[section] ?? {})) {
      for (const key in definition) features.add(key)
    }
  }
  if (isSwarm(document)) features.add('swarm')
  return features
}
