import type { Document, Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { effective, onEffective } from '../model/effective.ts'
import type { Dotenv } from '../render/dotenv-document.ts'
import { validateFile } from '../schema/validate-file.ts'
import { dotenvRules } from './dotenv-rules.gen.ts'
import { featuresOf as featuresOfFile } from './features.ts'
import { lint } from './load.ts'
import { rules as all } from './rules.gen.ts'

/** Every rule of compose files, in the order of the ids. */
export const rules: readonly Rule<ComposeFile>[] = all.map(onEffective)

/** Every rule of `.env.example`. */
export const dotenvRules: readonly Rule<Dotenv>[] = [variableOfShell]

/** What rules apply to: the keys of a file as Compose reads it. */
export function featuresOf(document: Document<ComposeFile>): ReadonlySet<string> {
  return featuresOfFile(effective(document))
}

lint.provide({ rules, dotenvRules, featuresOf, validateFile })

// Node loads this module in another format than the file that asks for it: each part is an export.
export { lint, validateFile }
