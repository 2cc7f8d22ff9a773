import { lazyModule, type Rule } from '@erlmcp/core'
import type { ActionFile, WorkflowFile } from '../schema/document.gen.ts'

/** What judges workflows and actions. */
export interface Lint {
  readonly rules: readonly Rule<WorkflowFile>[]
  readonly actionRules: readonly Rule<ActionFile>[]
}

/** Loaded when the first file is judged, so that a program that only prints files goes without. */
export const lint = lazyModule<Lint>('@erlmcp/workflow/lint', import.meta.url)
