import type { Change } from '../document.ts'

/** Collects what a swarm does not support of one node. */
export interface Changes {
  add(path: Change['path'], action: Change['action'], message: string, essential?: true): void
}
