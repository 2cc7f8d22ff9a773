import { originOf, UserError } from '@erlmcp/core'
import { type Expression, quoteText, rawExpression } from './expression.ts'

const githubNames = [
  ...['action', 'action_path', 'action_ref', 'action_repository', 'action_status', 'actor'],
  ...['actor_id', 'api_url', 'base_ref', 'env', 'event_name', 'event_path', 'graphql_url'],
  ...['head_ref', 'job', 'path', 'ref', 'ref_name', 'ref_protected', 'ref_type', 'repository'],
  ...['repository_id', 'repository_owner', 'repository_owner_id', 'repositoryUrl'],
  ...['retention_days', 'run_id', 'run_number', 'run_attempt', 'secret_source', 'server_url'],
  ...['sha', 'token', 'triggering_actor', 'workflow', 'workflow_ref', 'workflow_sha', 'workspace'],
] as const

const runnerNames = [
  ...['name', 'os', 'arch', 'temp', 'tool_cache', 'debug', 'environment'],
] as const

type Context<Name extends string> = { readonly [Key in Name]: Expression }

function context<const Name extends string>(of: string, names: readonly Name[]): Context<Name> {
  const entries = names.map((name) => [name, rawExpression(`${of}.${name}`)])
  return Object.freeze(Object.fromEntries(entries)) as Context<Name>
}

/**
 * The `github` context (Contexts reference). Of an event, see {@link event}.
 *
 * @example
 * run('deploy "$REF"', { env: { REF: github.ref_name } })
 */
export const github = context('github', githubNames)

/** The `runner` context: the machine that runs the job. */
export const runner = context('runner', runnerNames)

/**
 * A part of the event that started the run, such as `event('pull_request.title')`. What strangers
 * wrote is among it: it reaches a script through `env` only.
 *
 * @throws UserError when the path is none
 */
export function event(path: string): Expression {
  return pathIn('github.event', path, event)
}

/**
 * A secret of the repository, its organization or environment.
 *
 * @throws UserError when the name cannot be one
 */
export function secrets(name: string): Expression {
  return pathIn('secrets', name, secrets)
}

/**
 * A variable of the repository, its organization or environment.
 *
 * @throws UserError when the name cannot be one
 */
export function vars(name: string): Expression {
  return pathIn('vars', name, vars)
}

function pathIn(of: string, path: string, maker: (...args: never[]) => unknown): Expression {
  if (!/^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*$/.test(path)) {
    throw new UserError({
      message: `${JSON.stringify(path)} names nothing in ${of}`,
      hint: 'Use letters, digits and underscores, beginning with a letter; points between names.',
      origin: originOf(maker),
    })
  }
  return rawExpression(`${of}.${path}`)
}

/**
 * A hash of files, for keys of caches: of every file that matches, in the workspace.
 *
 * @example
 * text`deps-${hashFiles('rebar.lock')}`
 */
export function hashFiles(...patterns: readonly [string, ...string[]]): Expression {
  return rawExpression(`hashFiles(${patterns.map(quoteText).join(', ')})`)
}

/** The status functions of conditions: `if: always()`. */
export const always = (): Expression => rawExpression('always()')
export const success = (): Expression => rawExpression('success()')
export const failure = (): Expression => rawExpression('failure()')
export const cancelled = (): Expression => rawExpression('cancelled()')
