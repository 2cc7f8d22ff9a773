import type { Document, Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { effective, onEffective } from '../model/effective.ts'
import { stateOfFile } from '../state.ts'
import { featuresOf as featuresOfFile } from './features.ts'
import { lint } from './load.ts'
import { rules as all } from './rules.gen.ts'
import { variableOfShell } from './shell-variables.ts'

/** Every rule of compose files, in the order of the ids. */
export const rules: readonly Rule<ComposeFile>[] = all.map(onEffective)

/** What rules apply to: the keys of a file as Compose reads it. */
export function featuresOf(document: Document<ComposeFile>): ReadonlySet<string> {
  return featuresOfFile(effective(document))
}

lint.provide({ rules, dotenvRules: [variableOfShell], featuresOf, stateOfFile })

export { lint }
