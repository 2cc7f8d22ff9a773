export { type Lock, lockPath, parseLock, printLock } from './actions/lock.ts'
export { type Pin, pin } from './actions/pin.ts'
export { type Locked, type PinnedAction, pins } from './actions/pins.ts'
export { actionFormat, dependabotFormat, workflowFormat } from './format.ts'
export { printAction, printDependabot, printWorkflow } from './print.ts'
export type {
  ActionSpec,
  CallSpec,
  JobSpec,
  WorkflowSpec,
} from './schema/author.gen.ts'
export type * from './schema/document.gen.ts'
export type { HostedRunner } from './schema/runners.ts'
export { compositeAction } from './values/composite-action.ts'
export {
  always,
  cancelled,
  event,
  failure,
  github,
  hashFiles,
  runner,
  secrets,
  success,
  vars,
} from './values/contexts.ts'
export { type DependabotOptions, dependabot } from './values/dependabot.ts'
export {
  type Deferred,
  deferred,
  type Expression,
  expr,
  literal,
  type Operand,
  type TextValue,
  text,
  type Value,
} from './values/expression.ts'
export { type InputSpec, type InputsValue, inputs } from './values/inputs.ts'
export { type Callable, call, job } from './values/job.ts'
export type { LocalOptions, LocalPrefix } from './values/local-prefix.ts'
export { type MatrixSpec, type MatrixValue, matrix } from './values/matrix.ts'
export type { Env, If, OutputSpec, RunnerSelector } from './values/option-types.ts'
export { type RequiredCheckOptions, requiredCheck } from './values/required-check.ts'
export {
  type ActionReference,
  type CompositeAction,
  cancel,
  parallel,
  type RunOptions,
  run,
  type UsesOptions,
  uses,
  wait,
  waitAll,
} from './values/step.ts'
export type { JobValue, StepValue, WorkflowValue } from './values/value-types.ts'
export { withReasons } from './values/with-reasons.ts'
export { withUnknownKeys } from './values/with-unknown-keys.ts'
export { workflow } from './values/workflow.ts'
