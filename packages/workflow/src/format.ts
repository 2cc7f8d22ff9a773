import type { Format } from '@erlmcp/core'
import { lint } from './lint/load.ts'
import { printAction, printDependabot, printWorkflow } from './print.ts'
import { actionSchema } from './schema/action.ts'
import { dependabotSchema } from './schema/dependabot.ts'
import type { ActionFile, DependabotFile, WorkflowFile } from './schema/document.gen.ts'
import { validateFile, validateWorkflowFile } from './schema/validate-document.ts'
import { workflowSchema } from './schema/workflow.ts'

/** Files of `.github/workflows`. */
export const workflowFormat: Format<WorkflowFile> = {
  name: 'workflow',
  rules: () => lint().rules,
  validate: (file) => validateWorkflowFile(workflowSchema, file),
  print: printWorkflow,
}

/** Files named `action.yml`. */
export const actionFormat: Format<ActionFile> = {
  name: 'action',
  rules: () => lint().actionRules,
  validate: (file) => validateFile(actionSchema, file),
  print: printAction,
}

/** `.github/dependabot.yml`. */
export const dependabotFormat: Format<DependabotFile> = {
  name: 'dependabot',
  rules: [],
  validate: (file) => validateFile(dependabotSchema, file),
  print: printDependabot,
}
