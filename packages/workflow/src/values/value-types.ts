import type { ORIGIN, Origin, Source } from '@erlmcp/core'
import type { Expression } from './expression.ts'

// What authors hold and refer to. What each was made of is opaque here: a job refers to jobs, and
// the types of its options would refer to themselves.

/** A job as a value. It is its own reference: `needs: [build]`. */
export interface JobValue<Output extends string = string> {
  readonly kind: 'job'
  readonly id: string
  /** Its options, as the author wrote them. */
  readonly spec: object
  /** The workflow that it calls, where it calls one. */
  readonly called?: string | object | undefined
  /** For jobs after it. */
  readonly outputs: { readonly [Name in Output]: Expression }
  /** `success`, `failure`, `cancelled` or `skipped`, for jobs after it. */
  readonly result: Expression
  readonly [ORIGIN]?: Origin | undefined
}

/** A step as a value. Its outputs are expressions. */
export interface StepValue<Output extends string = string> {
  readonly kind: 'step'
  readonly id?: string | undefined
  /** What it does, as the author wrote it. */
  readonly body: object
  readonly outputs: { readonly [Name in Output]: Expression }
  /** `success`, `failure`, `cancelled` or `skipped`, before `continue-on-error`. */
  readonly outcome?: Expression | undefined
  readonly [ORIGIN]?: Origin | undefined
}

/** A workflow as a value: a source of the stack, and what {@link call} calls. */
export interface WorkflowValue<Input extends string = string, Output extends string = string>
  extends Source {
  readonly kind: 'workflow'
  /** The file, relative to the project. */
  readonly path: string
  readonly inputs: readonly Input[]
  readonly outputs: readonly Output[]
  /** Its options, as the author wrote them. */
  readonly spec: object
  readonly [ORIGIN]?: Origin | undefined
}
