import type { Rule } from '@erlmcp/core'
import { booleanInput } from './action-rules/boolean-input.ts'
import type { ActionFile } from './document.ts'

/** Every rule for actions, by id. */
export const actionRules: readonly Rule<ActionFile>[] = [booleanInput]
