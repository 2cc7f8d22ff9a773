import type { Document } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { isSwarm } from './model/dialect.ts'
import { keysOfServices } from './model/each-service.ts'
import { sections } from './model/references.ts'

/**
 * What a compose file is about: the keys of the file, of its services and of its definitions, and
 * `swarm` for a stack file.
 */
export function wordsOf(document: Document<ComposeFile>): ReadonlySet<string> {
  const { data } = document
  const words = new Set([...Object.keys(data), ...keysOfServices(data)])
  for (const section of sections) {
    for (const definition of Object.values(data[section] ?? {})) {
      for (const key in definition) words.add(key)
    }
  }
  if (isSwarm(document)) words.add('swarm')
  return words
}
