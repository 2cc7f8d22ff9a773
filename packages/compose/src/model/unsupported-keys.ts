import { formatPath, type Path } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import type { Unsupported } from '../schema/facts.ts'
import { valuesWith } from '../schema/sections.ts'

/** A key of a file that a swarm does not support. */
export interface UnsupportedKey {
  readonly path: Path
  /** `profiles of app`. */
  readonly key: string
  readonly advice: string | undefined
}

/** The keys of a file that `docker stack deploy` ignores or rejects. */
export function* unsupportedKeys(
  data: ComposeFile,
  action: Unsupported['action'],
): Iterable<UnsupportedKey> {
  for (const { path, schema } of valuesWith(data, 'swarm')) {
    const { swarm } = schema
    if (typeof swarm !== 'object' || swarm.action !== action) continue
    const [section, name, ...keys] = path
    const key = name === undefined ? String(section) : `${formatPath(keys)} of ${name}`
    yield { path, key, advice: swarm.advice }
  }
}
