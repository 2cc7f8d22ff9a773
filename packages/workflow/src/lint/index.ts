import type { Rule } from '@erlmcp/core'
import type { ActionFile, WorkflowFile } from '../schema/document.gen.ts'
import { actionRules as allOfActions } from './action-rules.gen.ts'
import { lint } from './load.ts'
import { rules as all } from './rules.gen.ts'

/** Every rule of workflows, in the order of the ids. */
export const rules: readonly Rule<WorkflowFile>[] = all

/** Every rule of actions, in the order of the ids. */
export const actionRules: readonly Rule<ActionFile>[] = allOfActions

lint.provide({ rules, actionRules })

export { lint }
