import type { HostedRunner } from '../schema/runners.ts'
import type { Expression, Value } from './expression.ts'

/** Environment variables by name: how every value gets into a script. */
export interface Env {
  readonly [name: string]: Value
}

/** Values by name, or an expression that becomes such a map: expr`fromJSON(${vars('ENV')})`. */
export type MapOrExpression<Map> = Map | Expression

/** A condition: an expression, or one as text, without braces. */
export type If = Expression | string | boolean

/** An output of a workflow or action: the value of an output of a job or step. */
export interface OutputSpec {
  readonly description?: string
  readonly value: Expression
}

type Label = string | Expression

/**
 * The runner of a job: one that GitHub hosts by its label, your own by a list of all the labels that
 * it must have (`['self-hosted', 'linux']`, `['my-scale-set']`), or one of a group.
 */
export type RunnerSelector =
  | HostedRunner
  | readonly [Label, ...Label[]]
  | { readonly group?: Value; readonly labels?: Value | readonly Value[] }
  | Expression
