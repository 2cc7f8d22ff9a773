import { composeFiles } from './compose/generate.ts'
import { dockerfileLanguage } from './dockerfile.ts'
import type { Generated } from './generated.ts'
import { ruleIndexes } from './rule-index.ts'
import { workflowReference } from './workflow-reference.ts'
import { workflowTypes } from './workflow-types.ts'

/** What `pnpm generate` writes; a test compares it with what is committed. */
export const generators: readonly (() => Generated[])[] = [
  ruleIndexes,
  dockerfileLanguage,
  workflowTypes,
  workflowReference,
  composeFiles,
]
