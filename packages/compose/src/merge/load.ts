import { lazyModule } from '@erlmcp/core'
import type { fitToBase } from './fit-to-base.ts'
import type { mergeFiles, mergeServices } from './merge.ts'

/** How Compose merges files and services. */
export interface Merging {
  readonly mergeFiles: typeof mergeFiles
  readonly mergeServices: typeof mergeServices
  readonly fitToBase: typeof fitToBase
}

/** Loaded by the first service with `extends`. */
export const merge = lazyModule<Merging>('@erlmcp/compose/merge', import.meta.url)
