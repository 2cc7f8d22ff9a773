import type { Document } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { isSwarm } from './dialect.ts'
import { keysOfServices } from './each-service.ts'

/** What a compose file is about: keys of the file, keys of its services, `swarm` for a stack file. */
export function wordsOf(document: Document<ComposeFile>): ReadonlySet<string> {
  const words = new Set([...Object.keys(document.data), ...keysOfServices(document.data)])
  if (isSwarm(document)) words.add('swarm')
  return words
}
