import type { Document, Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { effective, onEffective } from '../model/effective.ts'
import { validateFile } from '../schema/validate-file.ts'
import { stateOfFile } from '../state.ts'
import { dotenvRules } from './dotenv-rules.gen.ts'
import { featuresOf as featuresOfFile } from './features.ts'
import { type Lint, lint } from './load.ts'
import { rules as all } from './rules.gen.ts'

/** Every rule of compose files, in the order of the ids. */
export const rules: readonly Rule<ComposeFile>[] = all.map(onEffective)

/** What rules apply to: the keys of a file as Compose reads it. */
export function featuresOf(document: Document<ComposeFile>): ReadonlySet<string> {
  return featuresOfFile(effective(document))
}

const members: Lint = { rules, dotenvRules, featuresOf, stateOfFile, validateFile }
lint.provide(members)

// Each member: a program on the sources of this package loads the built module.
export { dotenvRules, lint, stateOfFile, validateFile }
