import { type Document, lazyModule, type Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'

/** The rules for compose files. */
export interface Lint {
  readonly rules: readonly Rule<ComposeFile>[]
  featuresOf(document: Document<ComposeFile>): ReadonlySet<string>
}

/** Loaded when the first file is checked: a program that only prints files does not need it. */
export const lint = lazyModule<Lint>('@erlmcp/compose/lint', import.meta.url)
