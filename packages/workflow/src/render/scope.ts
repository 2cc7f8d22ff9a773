import { ORIGIN, type Origin, type ProjectContext, type Source, UserError } from '@erlmcp/core'
import type { Lock } from '../actions/lock.ts'
import type { ExpressionText, WorkflowFile } from '../document.ts'
import type { Env, If, MapOrExpression } from '../values/author-type.ts'
import {
  type Deferred,
  type Expression,
  escapeText,
  isDeferred,
  isExpression,
  isTextValue,
  type Reference,
  type TextValue,
  type Value,
} from '../values/expression.ts'
import type { JobValue } from '../values/job.ts'
import type { LocalPrefix } from '../values/local-prefix.ts'
import { mergeUnknownKeys } from '../values/with-unknown-keys.ts'
import type { WorkflowValue } from '../values/workflow.ts'
import type { CalledFiles } from './called-files.ts'

/** What expressions at one place may be about, and what the values there were found to need. */
export interface Scope {
  /** Where it is, for messages: `job build`. */
  readonly place: string
  readonly lock: Lock
  readonly project: ProjectContext
  /** What scripts work in after a checkout; '' where that is not for us to say. */
  readonly folder: string
  /** What names a file of this repository. */
  readonly local: LocalPrefix
  readonly called: CalledFiles
  /** The file of a workflow that is called. */
  readonly fileOf: (called: WorkflowValue) => WorkflowFile
  /** Identities of the steps before it. */
  readonly steps: ReadonlySet<object>
  readonly inputs: ReadonlySet<object>
  readonly matrix?: object | undefined
  /** Jobs whose outputs are used, added to as they are found. Undefined: none can be. */
  readonly needs?: Set<JobValue> | undefined
  /** Files that come with it. */
  readonly sources: Set<Source>
}

/** A value as it stands in the file. */
export function renderValue<Given extends Value | Deferred>(
  value: Given,
  scope: Scope,
  origin: Origin | undefined,
): string | number | boolean {
  if (isDeferred(value)) return renderValue(value.of(scope.project), scope, origin)
  if (isExpression(value)) return braces(value, scope, origin)
  if (isTextValue(value)) return renderText(value, scope, origin)
  if (typeof value === 'string') validatePlainText(value, origin)
  return value as string | number | boolean
}

/** Plain data of which the leaves are values. */
export function renderData(value: unknown, scope: Scope, origin: Origin | undefined): unknown {
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' ? renderValue(value, scope, origin) : value
  }
  if (isExpression(value) || isTextValue(value) || isDeferred(value)) {
    return renderValue(value, scope, origin)
  }
  if (Array.isArray(value)) return value.map((item) => renderData(item, scope, origin))
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => {
      validatePlainText(key, origin)
      return [key, renderData(item, scope, origin)] as const
    })
  return addUnknownKeys(Object.fromEntries(entries), value, scope, origin)
}

/** A node of the file with the keys of its spec that nobody checks. */
export function addUnknownKeys<Node extends object>(
  node: Node,
  spec: unknown,
  scope: Scope,
  origin: Origin | undefined,
): Node {
  return mergeUnknownKeys(node, spec, (keys) => renderData(keys, scope, origin) as object)
}

/**
 * Values by name, such as inputs or outputs.
 *
 * @param message one of them is called in messages
 * @throws UserError for a name without a value: GitHub would give the empty text, without a word
 */
export function renderValues(
  values: object,
  message: string,
  scope: Scope,
  origin: Origin | undefined,
): { [name: string]: string } {
  for (const [name, value] of Object.entries(values)) {
    const plain = ['string', 'number', 'boolean'].includes(typeof value)
    if (plain || isExpression(value) || isTextValue(value) || isDeferred(value)) continue
    throw new UserError({
      message: `${message} ${name} of ${scope.place} has ${value === undefined || value === null ? 'no value' : 'a value that is no text'}`,
      hint: 'Give it text, a number, a boolean or an expression; an output that is not declared is undefined.',
      origin,
    })
  }
  return renderData(values, scope, origin) as { [name: string]: string }
}

/** Whether there is anything in a section; actionlint refuses one that is empty. */
export function isFull<Section extends object>(section: Section | undefined): section is Section {
  return section !== undefined && Object.keys(section).length > 0
}

/** A condition, without braces. */
export function renderIf(value: If, scope: Scope, origin: Origin | undefined): string | boolean {
  if (!isExpression(value)) return value
  // Where braces are anywhere in a condition, only what is in them is evaluated.
  if (value.code.includes('${{')) return braces(value, scope, origin)
  check(value, scope, origin)
  return value.code
}

/** Environment variables. @throws UserError for a name that no shell can set, or without a value */
export function renderEnv(
  env: MapOrExpression<Env>,
  scope: Scope,
  origin: Origin | undefined,
): { [name: string]: string } | ExpressionText {
  if (isExpression(env)) return braces(env, scope, origin)
  for (const name in env) {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) continue
    throw new UserError({
      message: `${JSON.stringify(name)} cannot name a variable`,
      hint: 'Use letters, digits and underscores, beginning with a letter or underscore.',
      origin,
    })
  }
  return renderValues(env, 'the variable', scope, origin)
}

/** Text in which nothing but its expressions is evaluated. */
export function renderText(value: TextValue, scope: Scope, origin: Origin | undefined): string {
  let out = ''
  let plain = ''
  for (const part of value.parts) {
    if (typeof part === 'string') plain += part
    else {
      out += escapeText(plain) + braces(part, scope, value[ORIGIN] ?? origin)
      plain = ''
    }
  }
  return out + escapeText(plain)
}

function braces(value: Expression, scope: Scope, origin: Origin | undefined): ExpressionText {
  check(value, scope, origin)
  return `\${{ ${value.code} }}`
}

/** @throws UserError for text with an expression in it */
export function validatePlainText(value: string, origin: Origin | undefined): void {
  if (!value.includes('${{')) return
  throw new UserError({
    message: `${JSON.stringify(value)} has an expression in plain text`,
    hint: 'Write it as expr`…`, or text`…${…}…` where there is text around it; literal(…) where ${{ is meant as such.',
    origin,
  })
}

/** Refuses an expression about something that is not there, and remembers the jobs it needs. */
export function check(
  { references, code, [ORIGIN]: created }: Expression,
  scope: Scope,
  origin: Origin | undefined,
): void {
  for (const reference of references) {
    const problem = problemOf(reference, scope)
    if (problem === undefined) continue
    throw new UserError({
      message: `${scope.place} uses ${code}: ${problem.message}`,
      hint: problem.hint,
      origin: origin ?? created,
    })
  }
}

function problemOf(
  reference: Reference,
  scope: Scope,
): { readonly message: string; readonly hint: string } | undefined {
  if (reference.kind === 'step') {
    if (scope.steps.has(reference.value)) return undefined
    return {
      message: `the step ${reference.id} is not before it`,
      hint: 'Put that step before it in the same job. Of another job, use an output of the job.',
    }
  }
  if (reference.kind === 'job') {
    scope.needs?.add(reference.value as JobValue)
    if (scope.needs) return undefined
    return {
      message: `no output of the job ${reference.id} is there yet`,
      hint: 'Outputs of jobs can be used in jobs that come after them.',
    }
  }
  if (reference.kind === 'matrix') {
    if (scope.matrix === reference.value) return undefined
    return { message: 'its job has another matrix', hint: 'Give the job `strategy: { matrix }`.' }
  }
  if (scope.inputs.has(reference.value)) return undefined
  return { message: 'these inputs are not declared', hint: 'Put them under `on`, as `inputs`.' }
}
