import type { Rule } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'
import { rules as all } from './rules.gen.ts'

/** Every rule of compose files, in alphabetical order. */
export const rules: readonly Rule<ComposeFile>[] = all
