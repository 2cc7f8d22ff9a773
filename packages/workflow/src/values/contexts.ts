import { originOf, UserError } from '@erlmcp/core'
import { contexts } from '../schema/contexts.ts'
import { type Expression, quoteText, rawExpression } from './expression.ts'

type Context<Name extends string> = { readonly [Key in Name]: Expression }

function contextOf<const Name extends string>(
  context: string,
  names: readonly Name[],
): Context<Name> {
  const entries = names.map((name) => [name, rawExpression(`${context}.${name}`)])
  return Object.freeze(Object.fromEntries(entries)) as Context<Name>
}

/**
 * The `github` context (Contexts reference). For the event, see {@link event}.
 *
 * @example
 * run('deploy "$REF"', { env: { REF: github.ref_name } })
 */
export const github = contextOf('github', contexts.github.properties)

/** The `runner` context: the runner of the job. */
export const runner = contextOf('runner', contexts.runner.properties)

/**
 * A property of the event that started the run, such as `event('pull_request.title')`. Some are
 * untrusted input: they reach a script through `env` only.
 *
 * @throws UserError for an invalid path
 */
export function event(path: string): Expression {
  return propertyOf('github.event', path, event)
}

/**
 * A secret of the repository, its organization or environment.
 *
 * @throws UserError for an invalid name
 */
export function secrets(name: string): Expression {
  return propertyOf('secrets', name, secrets)
}

/**
 * A variable of the repository, its organization or environment.
 *
 * @throws UserError for an invalid name
 */
export function vars(name: string): Expression {
  return propertyOf('vars', name, vars)
}

function propertyOf(
  context: string,
  path: string,
  author: (...args: never[]) => unknown,
): Expression {
  if (!/^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*$/.test(path)) {
    throw new UserError({
      message: `invalid property ${JSON.stringify(path)} of ${context}`,
      hint: 'Write names of letters, digits and underscores that begin with a letter, with points between them.',
      origin: originOf(author),
    })
  }
  return rawExpression(`${context}.${path}`)
}

/**
 * A hash of all files in the workspace that match, for keys of caches.
 *
 * @example
 * text`deps-${hashFiles('rebar.lock')}`
 */
export function hashFiles(...patterns: readonly [string, ...string[]]): Expression {
  return rawExpression(`hashFiles(${patterns.map(quoteText).join(', ')})`)
}

/** The condition that holds also after a failure or cancellation: `if: always()`. */
export const always = (): Expression => rawExpression('always()')
/** The condition that holds while nothing failed, which is the default. */
export const success = (): Expression => rawExpression('success()')
/** The condition that holds after a failure. */
export const failure = (): Expression => rawExpression('failure()')
/** The condition that holds when the run was cancelled. */
export const cancelled = (): Expression => rawExpression('cancelled()')
