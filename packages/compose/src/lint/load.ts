import { type Document, lazyModule, type Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'

/** What judges compose files. */
export interface Lint {
  readonly rules: readonly Rule<ComposeFile>[]
  featuresOf(document: Document<ComposeFile>): ReadonlySet<string>
}

/** Loaded when the first file is judged, so that a program that only prints files goes without. */
export const lint = lazyModule<Lint>('@erlmcp/compose/lint', import.meta.url)
