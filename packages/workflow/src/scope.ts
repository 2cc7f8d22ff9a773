import { ORIGIN, type Origin, type Source, UserError } from '@erlmcp/core'
import type { Env, If } from './authored.ts'
import {
  type Expression,
  escaped,
  isExpression,
  isText,
  type Reference,
  type TextValue,
  type Value,
} from './expression.ts'
import type { JobValue } from './job.ts'
import type { Lock } from './lock.ts'

/** What expressions at one place may be about, and what the values there were found to need. */
export interface Scope {
  /** Where it is, for messages: `job build`. */
  readonly place: string
  readonly lock: Lock
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
export function lowerValue<Given extends Value>(
  value: Given,
  scope: Scope,
  origin: Origin | undefined,
): string | number | boolean {
  if (isExpression(value)) return braces(value, scope, origin)
  if (isText(value)) return lowerText(value, scope, origin)
  if (typeof value === 'string') checkPlain(value, origin)
  return value as string | number | boolean
}

/** Plain data of which the leaves are values. */
export function lowerData(value: unknown, scope: Scope, origin: Origin | undefined): unknown {
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' ? lowerValue(value, scope, origin) : value
  }
  if (isExpression(value) || isText(value)) return lowerValue(value, scope, origin)
  if (Array.isArray(value)) return value.map((item) => lowerData(item, scope, origin))
  const out: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) out[key] = lowerData(item, scope, origin)
  }
  return out
}

/** A condition, without braces. */
export function lowerIf(value: If, scope: Scope, origin: Origin | undefined): string | boolean {
  if (!isExpression(value)) return value
  check(value, scope, origin)
  return value.code
}

/** Environment variables. @throws UserError for a name that no shell can set */
export function lowerEnv(env: Env, scope: Scope, origin: Origin | undefined): object {
  for (const name in env) {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) continue
    throw new UserError({
      what: `${JSON.stringify(name)} cannot name a variable`,
      help: 'Use letters, digits and underscores, beginning with a letter or underscore.',
      origin,
    })
  }
  return lowerData(env, scope, origin) as object
}

/** Text in which nothing but its expressions is evaluated. */
export function lowerText(value: TextValue, scope: Scope, origin: Origin | undefined): string {
  let out = ''
  let plain = ''
  for (const part of value.parts) {
    if (typeof part === 'string') plain += part
    else {
      out += escaped(plain) + braces(part, scope, value[ORIGIN] ?? origin)
      plain = ''
    }
  }
  return out + escaped(plain)
}

function braces(value: Expression, scope: Scope, origin: Origin | undefined): string {
  check(value, scope, origin)
  return `\${{ ${value.code} }}`
}

function checkPlain(value: string, origin: Origin | undefined): void {
  if (!value.includes('${{')) return
  throw new UserError({
    what: `${JSON.stringify(value)} has an expression in plain text`,
    help: 'Write it as expr`…`, or text`…${…}…` where there is text around it; literal(…) where ${{ is meant as such.',
    origin,
  })
}

/** Refuses an expression about something that is not there, and remembers the jobs it needs. */
export function check(
  { references, code, [ORIGIN]: made }: Expression,
  scope: Scope,
  origin: Origin | undefined,
): void {
  for (const reference of references) {
    const problem = problemOf(reference, scope)
    if (problem === undefined) continue
    throw new UserError({
      what: `${scope.place} uses ${code}: ${problem.what}`,
      help: problem.help,
      origin: origin ?? made,
    })
  }
}

function problemOf(
  reference: Reference,
  scope: Scope,
): { readonly what: string; readonly help: string } | undefined {
  if (reference.kind === 'step') {
    if (scope.steps.has(reference.value)) return undefined
    return {
      what: `the step ${reference.id} is not before it`,
      help: 'Put that step before it in the same job. Of another job, use an output of the job.',
    }
  }
  if (reference.kind === 'job') {
    scope.needs?.add(reference.value as JobValue)
    if (scope.needs) return undefined
    return {
      what: `no output of the job ${reference.id} is there yet`,
      help: 'Outputs of jobs can be used in jobs that come after them.',
    }
  }
  if (reference.kind === 'matrix') {
    if (scope.matrix === reference.value) return undefined
    return { what: 'its job has another matrix', help: 'Give the job `strategy: { matrix }`.' }
  }
  if (scope.inputs.has(reference.value)) return undefined
  return { what: 'these inputs are not declared', help: 'Put them under `on`, as `inputs`.' }
}
