import { ORIGIN, type Origin, type ProjectContext, type Source, UserError } from '@erlmcp/core'
import type { Lock } from '../actions/lock.ts'
import type { ExpressionText, WorkflowFile } from '../schema/document.gen.ts'
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
import type { LocalPrefix } from '../values/local-prefix.ts'
import type { Env, If, MapOrExpression } from '../values/option-types.ts'
import type { JobValue, WorkflowValue } from '../values/value-types.ts'
import { mergeUnknownKeys } from '../values/with-unknown-keys.ts'
import type { CalledFiles } from './called-files.ts'

/** What expressions at one place may refer to, and what they were found to need. */
export interface Scope {
  /** The place, for messages: `job build`. */
  readonly place: string
  readonly lock: Lock
  readonly project: ProjectContext
  /** Folder of scripts after a checkout; empty where the author sets it. */
  readonly folder: string
  /** Prefix of a file of this repository. */
  readonly local: LocalPrefix
  readonly called: CalledFiles
  /** The file of a workflow that is called. */
  readonly fileOf: (called: WorkflowValue) => WorkflowFile
  /** Bodies of the steps before it. */
  readonly steps: ReadonlySet<object>
  readonly inputs: ReadonlySet<object>
  readonly matrix?: object | undefined
  /** Jobs whose outputs are used, added as they are found. Undefined: none can be used. */
  readonly needs?: Set<JobValue> | undefined
  /** Files that come with it. */
  readonly sources: Set<Source>
}

/** A value as the file has it. */
export function renderValue<Given extends Value | Deferred>(
  value: Given,
  scope: Scope,
  origin: Origin | undefined,
): string | number | boolean {
  if (isDeferred(value)) return renderValue(value.of(scope.project), scope, origin)
  if (isExpression(value)) return inBraces(value, scope, origin)
  if (isTextValue(value)) return renderText(value, scope, origin)
  if (typeof value === 'string') validatePlainText(value, origin)
  return value as string | number | boolean
}

/** Plain data whose leaves are values. */
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

/** A node of the file with the unknown keys of its options. */
export function addUnknownKeys<Node extends object>(
  node: Node,
  spec: unknown,
  scope: Scope,
  origin: Origin | undefined,
): Node {
  return mergeUnknownKeys(node, spec, (keys) => renderData(keys, scope, origin) as object)
}

/** Values by name, such as inputs or outputs. */
export function renderValues(
  values: object,
  scope: Scope,
  origin: Origin | undefined,
): { [name: string]: string } {
  return renderData(values, scope, origin) as { [name: string]: string }
}

/** Whether a section has keys; actionlint rejects an empty one. */
export function isFull<Section extends object>(section: Section | undefined): section is Section {
  return section !== undefined && Object.keys(section).length > 0
}

/** A condition, without braces. */
export function renderIf(value: If, scope: Scope, origin: Origin | undefined): string | boolean {
  if (!isExpression(value)) return value
  // GitHub evaluates only what is in braces where a condition contains any.
  if (value.code.includes('${{')) return inBraces(value, scope, origin)
  validateReferences(value, scope, origin)
  return value.code
}

/** Environment variables. */
export function renderEnv(
  env: MapOrExpression<Env>,
  scope: Scope,
  origin: Origin | undefined,
): { [name: string]: string } | ExpressionText {
  return isExpression(env) ? inBraces(env, scope, origin) : renderValues(env, scope, origin)
}

/** Text in which nothing but its expressions is evaluated. */
export function renderText(value: TextValue, scope: Scope, origin: Origin | undefined): string {
  let out = ''
  let plain = ''
  for (const part of value.parts) {
    if (typeof part === 'string') plain += part
    else {
      out += escapeText(plain) + inBraces(part, scope, value[ORIGIN] ?? origin)
      plain = ''
    }
  }
  return out + escapeText(plain)
}

function inBraces(value: Expression, scope: Scope, origin: Origin | undefined): ExpressionText {
  validateReferences(value, scope, origin)
  return `\${{ ${value.code} }}`
}

/** @throws UserError for text with an expression in it */
export function validatePlainText(value: string, origin: Origin | undefined): void {
  if (!value.includes('${{')) return
  throw new UserError({
    message: `${JSON.stringify(value)} has an expression in plain text`,
    hint: 'Write it as expr`…`, or as text`…${…}…` with text around it; write ${{ itself with literal(…).',
    origin,
  })
}

/** Validates what an expression refers to, and adds the jobs that it needs. */
function validateReferences(
  { references, code, [ORIGIN]: own }: Expression,
  scope: Scope,
  origin: Origin | undefined,
): void {
  for (const reference of references) {
    const fault = findFault(reference, scope)
    if (fault === undefined) continue
    throw new UserError({
      message: `${scope.place} uses ${code}: ${fault.message}`,
      hint: fault.hint,
      origin: origin ?? own,
    })
  }
}

function findFault(
  reference: Reference,
  scope: Scope,
): { readonly message: string; readonly hint: string } | undefined {
  if (reference.kind === 'step') {
    if (scope.steps.has(reference.value)) return undefined
    return {
      message: `the step ${reference.id} does not come before it`,
      hint: 'Move that step before it in the same job, or use an output of its job.',
    }
  }
  if (reference.kind === 'job') {
    scope.needs?.add(reference.value as JobValue)
    if (scope.needs) return undefined
    return {
      message: `outputs of the job ${reference.id} are not available here`,
      hint: 'Use outputs of jobs in jobs that come after them.',
    }
  }
  if (reference.kind === 'matrix') {
    if (scope.matrix === reference.value) return undefined
    return { message: 'its job has another matrix', hint: 'Set `strategy: { matrix }` of the job.' }
  }
  if (scope.inputs.has(reference.value)) return undefined
  return { message: 'undeclared inputs', hint: 'Declare them under `on`, as `inputs`.' }
}
