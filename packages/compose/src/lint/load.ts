import { type Document, lazyModule, type Rule, type StateItem } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import type { Dotenv } from '../render/dotenv-document.ts'
import type { validateFile } from '../schema/validate-file.ts'

/** What reads a whole file: the rules, and what a host keeps of it. */
export interface Lint {
  readonly rules: readonly Rule<ComposeFile>[]
  /** The rules for `.env.example`. */
  readonly dotenvRules: readonly Rule<Dotenv>[]
  /** Validates the data of a file that its author changed after it was made. */
  readonly validateFile: typeof validateFile
  featuresOf(document: Document<ComposeFile>): ReadonlySet<string>
  stateOfFile(document: Document<ComposeFile>, stack: string): Iterable<StateItem>
}

/** Loaded when the first file is checked: a program that only prints files does not need it. */
export const lint = lazyModule<Lint>('@erlmcp/compose/lint', import.meta.url)
