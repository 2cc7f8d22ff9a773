import { lazyModule, type Rule } from '@erlmcp/core'
import type { Dockerfile } from '../schema/document.ts'

/** What judges Dockerfiles. */
export interface Lint {
  readonly rules: readonly Rule<Dockerfile>[]
}

/** Loaded when the first file is judged, so that a program that only prints files goes without. */
export const lint = lazyModule<Lint>('@erlmcp/dockerfile/lint', import.meta.url)
