import type { Rule } from '@erlmcp/core'
import type { ActionFile } from '../../document.ts'
import { booleanInput } from './boolean-input.ts'

/** Every rule for actions, by id. */
export const actionRules: readonly Rule<ActionFile>[] = [booleanInput]
