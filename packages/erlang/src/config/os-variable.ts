import { originOf, UserError } from '@erlmcp/core'

/** What the text of an environment variable becomes in the file that names it. */
export type OsVariableKind = 'string' | 'atom' | 'integer'

/**
 * An environment variable of the container, read when it starts. Made by `osVariable`.
 * The start script refuses a value that is not of its kind, since what stands in its place is not
 * quoted: a quote in a password would otherwise be Erlang code.
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
  /** Used when the variable is unset or empty. Default: none, and the container refuses to start. */
  readonly default?: string | number
}

/** Values by kind, as a JavaScript pattern and as the patterns of a shell `case` that refuse. */
const kinds: Readonly<Record<OsVariableKind, { readonly good: RegExp; readonly said: string }>> = {
  integer: { good: /^-?[0-9]{1,18}$/, said: 'a whole number' },
  atom: { good: /^[a-z][A-Za-z0-9_@]*$/, said: 'a bare Erlang atom' },
  string: {
    good: /^[A-Za-z0-9_.,:;@%/=~ -]+$/,
    said: 'letters, digits, spaces and _.,:;@%/=~-',
  },
}

/**
 * An environment variable in vm.args or sys.config, written as `${NAME}` and replaced by the start
 * script of relx (rebar3 manual, "Releases: Dynamic Configuration").
 *
 * Never for a secret: the result stands in a file. Let the application read the secret's file.
 *
 * @throws UserError when the name is no variable name, or the default is not of its kind
 * @example osVariable('ERLMCP_LOG_LEVEL', { kind: 'atom', default: 'info' })
 */
export function osVariable(name: string, options: OsVariableOptions = {}): OsVariable {
  const { kind = 'string' } = options
  const fallback = options.default === undefined ? undefined : String(options.default)
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new UserError({
      message: `${JSON.stringify(name)} cannot be the name of an environment variable`,
      hint: 'Use letters, digits and underscores, not beginning with a digit (POSIX, 8.1).',
      origin: originOf(osVariable),
    })
  }
  if (fallback !== undefined && !kinds[kind].good.test(fallback)) {
    throw new UserError({
      message: `the default ${JSON.stringify(fallback)} of ${name} is not ${kinds[kind].said}`,
      hint: 'It is put into the file without quoting. Change the default or the kind.',
      origin: originOf(osVariable),
    })
  }
  return Object.freeze({ term: 'os variable' as const, name, kind, default: fallback })
}

/** What the start script tells the person who set a wrong value. */
export function saidOf(kind: OsVariableKind): string {
  return kinds[kind].said
}

/**
 * `${NAME}`. The default is set by the start script and not written as `${NAME:-x}`: relx reads
 * what stands there as a regular expression, and a `+` in it makes it loop for ever.
 */
export function placeholder(variable: OsVariable): string {
  return `\${${variable.name}}`
}
