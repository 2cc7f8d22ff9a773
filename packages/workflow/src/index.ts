export type { Authored, Env, If } from './authored.ts'
export { because } from './because.ts'
export { type ActionSpec, type CompositeAction, compositeAction } from './composite.ts'
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
} from './context.ts'
export { type DependabotOptions, dependabot } from './dependabot.ts'
export type * from './document.ts'
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
} from './expression.ts'
export { actionFormat, dependabotFormat, workflowFormat } from './format.ts'
export { type InputSpec, type InputsValue, inputs } from './inputs.ts'
export {
  type Callable,
  type CallSpec,
  call,
  type HostedRunner,
  type JobSpec,
  type JobValue,
  job,
  type Machine,
} from './job.ts'
export type { LocalOptions, LocalPrefix } from './local.ts'
export { type Lock, lockPath, parseLock, printLock } from './lock.ts'
export { type MatrixSpec, type MatrixValue, matrix } from './matrix.ts'
export { type Pin, pin } from './pin.ts'
export { type Locked, type PinnedAction, pins } from './pins.ts'
export { printAction, printDependabot, printWorkflow } from './print.ts'
export { type RequiredOptions, required } from './required.ts'
export {
  type ActionReference,
  cancel,
  parallel,
  type RunOptions,
  run,
  type StepValue,
  type UsesOptions,
  uses,
  wait,
  waitAll,
} from './step.ts'
export { unchecked } from './unchecked.ts'
export { type WorkflowSpec, type WorkflowValue, workflow } from './workflow.ts'
