import type { Rule } from '@erlmcp/core'
import type { ActionFile, WorkflowFile } from '../schema/document.gen.ts'
import { booleanInput } from './action-rules/boolean-input.ts'
import { rules as all } from './rules.gen.ts'

/** Every rule of workflows, in alphabetical order. */
export const rules: readonly Rule<WorkflowFile>[] = all

/** Every rule of actions. */
export const actionRules: readonly Rule<ActionFile>[] = [booleanInput]
