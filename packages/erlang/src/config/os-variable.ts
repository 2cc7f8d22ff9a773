import { originOf, UserError } from '@erlmcp/core'

/** How the value of an environment variable is written into the file. */
export type OsVariableKind = 'string' | 'atom' | 'integer'

/**
 * An environment variable of the container, read when it starts. Created by `osVariable`. The start
 * script rejects a value of another kind: values are not quoted, so a quote would become Erlang code.
 */
export interface OsVariable {
  readonly term: 'os variable'
  readonly name: string
  readonly kind: OsVariableKind
  readonly default: string | undefined
}

export interface OsVariableOptions {
  /** Default: `string`. `integer` takes digits with an optional minus, `atom` a bare atom. */
  readonly kind?: OsVariableKind
  /** Used when the variable is unset or empty. Default: none, so that the container does not start. */
  readonly default?: string | number
}

/** The valid values of each kind. */
const kinds: Readonly<
  Record<OsVariableKind, { readonly pattern: RegExp; readonly expected: string }>
> = {
  integer: { pattern: /^-?[0-9]{1,18}$/, expected: 'a whole number' },
  atom: { pattern: /^[a-z][A-Za-z0-9_@]*$/, expected: 'a bare Erlang atom' },
  string: {
    pattern: /^[A-Za-z0-9_.,:;@%/=~ -]+$/,
    expected: 'letters, digits, spaces and _.,:;@%/=~-',
  },
}

/**
 * An environment variable in vm.args or sys.config, written as `${NAME}` and replaced by the start
 * script of relx (rebar3 manual, "Releases: Dynamic Configuration").
 *
 * Do not use it for a secret: the value is written to a file. Let the application read the file of
 * the secret.
 *
 * @throws UserError when the name or the default is invalid
 * @example osVariable('ERLMCP_LOG_LEVEL', { kind: 'atom', default: 'info' })
 */
export function osVariable(name: string, options: OsVariableOptions = {}): OsVariable {
  const { kind = 'string' } = options
  const fallback = options.default === undefined ? undefined : String(options.default)
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new UserError({
      message: `invalid name of an environment variable ${JSON.stringify(name)}`,
      hint: 'Use letters, digits and underscores, not beginning with a digit (POSIX, 8.1).',
      origin: originOf(osVariable),
    })
  }
  if (fallback !== undefined && !kinds[kind].pattern.test(fallback)) {
    throw new UserError({
      message: `default of ${name}: expected ${kinds[kind].expected}, got ${JSON.stringify(fallback)}`,
      hint: 'Change the default or the kind: the value is written without quotes.',
      origin: originOf(osVariable),
    })
  }
  return Object.freeze({ term: 'os variable' as const, name, kind, default: fallback })
}

/** The valid values of a kind, for the error of the start script. */
export function expectedValue(kind: OsVariableKind): string {
  return kinds[kind].expected
}

/**
 * `${NAME}`. The start script sets the default; `${NAME:-x}` is not used because relx reads `x` as a
 * regular expression, and loops endlessly over a `+`.
 */
export function placeholder(variable: OsVariable): string {
  return `\${${variable.name}}`
}
