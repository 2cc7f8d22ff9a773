import type { Format } from '@erlmcp/core'
import type { ActionFile, DependabotFile, WorkflowFile } from './document.ts'
import { lint } from './lint/load.ts'
import { printAction, printDependabot, printWorkflow } from './print.ts'
import { validateFile } from './validate-file.ts'

/** Files of `.github/workflows`. */
export const workflowFormat: Format<WorkflowFile> = {
  name: 'workflow',
  rules: () => lint().rules,
  validate: validateFile,
  print: printWorkflow,
}

/** Files named `action.yml`. */
export const actionFormat: Format<ActionFile> = {
  name: 'action',
  rules: () => lint().actionRules,
  print: printAction,
}

/** `.github/dependabot.yml`. */
export const dependabotFormat: Format<DependabotFile> = {
  name: 'dependabot',
  rules: [],
  print: printDependabot,
}
