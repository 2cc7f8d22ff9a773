import { lazyModule } from '@erlmcp/core'
import type { baseOf, withDefaultsOfNeither, withExtended } from './extends.ts'
import type { fitToBase } from './fit-to-base.ts'
import type { mergeServices } from './merge.ts'

/** How Compose merges a service with the one that it extends. */
export interface Merging {
  readonly baseOf: typeof baseOf
  readonly fitToBase: typeof fitToBase
  readonly mergeServices: typeof mergeServices
  readonly withDefaultsOfNeither: typeof withDefaultsOfNeither
  readonly withExtended: typeof withExtended
}

/** Loaded by the first service with `extends`. */
export const merge = lazyModule<Merging>('@erlmcp/compose/merge', import.meta.url)
