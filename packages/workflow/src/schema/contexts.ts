/** The contexts of expressions, each with its properties where GitHub fixes them. */
export const contexts = {
  github: {
    doc: 'The run and the event that started it.',
    properties: [
      ...['action', 'action_path', 'action_ref', 'action_repository', 'action_status', 'actor'],
      ...['actor_id', 'api_url', 'base_ref', 'env', 'event_name', 'event_path', 'graphql_url'],
      ...['head_ref', 'job', 'path', 'ref', 'ref_name', 'ref_protected', 'ref_type', 'repository'],
      ...['repository_id', 'repository_owner', 'repository_owner_id', 'repositoryUrl'],
      ...['retention_days', 'run_id', 'run_number', 'run_attempt', 'secret_source', 'server_url'],
      ...['sha', 'token', 'triggering_actor', 'workflow', 'workflow_ref', 'workflow_sha'],
      'workspace',
    ],
    /** Properties that exist and are of no use to an author. */
    hidden: [
      ...['event', 'output', 'state', 'step_summary', 'repository_visibility'],
      'artifact_cache_size_limit',
    ],
  },
  env: { doc: 'Environment variables of the workflow, job and step.' },
  vars: { doc: 'Variables of the repository, organization and environment.' },
  job: { doc: 'The running job.' },
  jobs: { doc: 'Jobs of a reusable workflow, for its outputs.', entries: ['outputs', 'result'] },
  steps: {
    doc: 'Earlier steps of the job that have an id.',
    entries: ['outputs', 'outcome', 'conclusion'],
  },
  runner: {
    doc: 'The runner of the job.',
    properties: ['name', 'os', 'arch', 'temp', 'tool_cache', 'debug', 'environment'],
  },
  secrets: { doc: 'Secrets of the repository, organization and environment.' },
  strategy: {
    doc: 'The matrix strategy of the job.',
    properties: ['fail-fast', 'job-index', 'job-total', 'max-parallel'],
  },
  matrix: { doc: 'Values of the matrix of this job.' },
  needs: { doc: 'Jobs that this job needs.', entries: ['outputs', 'result'] },
  inputs: { doc: 'Inputs of the workflow or action.' },
} as const satisfies Readonly<Record<string, ContextFacts>>

export interface ContextFacts {
  readonly doc: string
  /** Its properties. Default: names that the author chooses. */
  readonly properties?: readonly string[]
  readonly hidden?: readonly string[]
  /** Properties of each of its entries, where it is a map of them. */
  readonly entries?: readonly string[]
}

export type ContextName = keyof typeof contexts

export const contextNames = Object.keys(contexts) as readonly ContextName[]

export interface FunctionFacts {
  readonly doc: string
  /** How many arguments it takes. */
  readonly arity: readonly [least: number, most: number]
  /** Whether only some keys may use it. */
  readonly limited?: true
  readonly returns?: 'boolean' | 'text'
}

/** The functions of expressions, by their name in lower case. */
export const functions: Readonly<Record<string, FunctionFacts>> = {
  always: { doc: 'True, also after a failure.', arity: [0, 0], limited: true, returns: 'boolean' },
  cancelled: {
    doc: 'Whether the run was cancelled.',
    arity: [0, 0],
    limited: true,
    returns: 'boolean',
  },
  case: { doc: 'The value of the first condition that holds.', arity: [3, 255] },
  contains: {
    doc: 'Whether a list has an item, or a text a part.',
    arity: [2, 2],
    returns: 'boolean',
  },
  endswith: { doc: 'Whether a text ends with another.', arity: [2, 2], returns: 'boolean' },
  failure: {
    doc: 'Whether an earlier step or needed job failed.',
    arity: [0, 255],
    limited: true,
    returns: 'boolean',
  },
  format: { doc: 'A text with `{0}` replaced.', arity: [1, 255], returns: 'text' },
  fromjson: { doc: 'The value of a JSON text.', arity: [1, 1] },
  hashfiles: {
    doc: 'A hash of all matching files.',
    arity: [1, 255],
    limited: true,
    returns: 'text',
  },
  join: { doc: 'The items of a list as one text.', arity: [1, 2], returns: 'text' },
  startswith: { doc: 'Whether a text begins with another.', arity: [2, 2], returns: 'boolean' },
  success: {
    doc: 'Whether no earlier step or needed job failed.',
    arity: [0, 255],
    limited: true,
    returns: 'boolean',
  },
  tojson: { doc: 'A value as JSON text.', arity: [1, 1], returns: 'text' },
}

export const statusFunctions = ['always', 'cancelled', 'success', 'failure'] as const

/** Contexts of a key of a job that GitHub evaluates before the job starts. */
export const jobContexts = ['github', 'needs', 'strategy', 'matrix', 'inputs', 'vars'] as const

/** Contexts of a value that GitHub evaluates on the runner, without secrets. */
export const runnerContexts = [...jobContexts, 'job', 'runner', 'env', 'steps'] as const

export const stepContexts = [...runnerContexts, 'secrets', 'hashfiles'] as const

/** Conditions of steps have no secrets. */
export const stepConditionContexts = [...runnerContexts, 'hashfiles', ...statusFunctions] as const

/** Contexts of an action: it has neither secrets nor variables nor needs. */
export const actionContexts = [
  ...['github', 'inputs', 'strategy', 'matrix', 'steps', 'job', 'runner', 'env'],
] as const
