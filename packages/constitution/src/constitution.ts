import {
  type Document,
  formatViolation,
  isUserError,
  originOf,
  type Source,
  schema,
  textFile,
  UserError,
  validate,
} from '@erlmcp/core'
import { defaultAllowed, defaultRows, type Row } from './default-rows.ts'

/** The map from commands of the host to compose services. */
export interface Constitution {
  readonly rows: readonly Row[]
  /** Commands that may run on the host: a program, and the words that must follow it in order. */
  readonly allowed: readonly (readonly string[])[]
  /** Prefix of the service names. */
  readonly prefix: string
  /** Compose files for `-f`. When empty, compose finds its own. */
  readonly files: readonly string[]
  /** Variables of the caller that are passed to the container when they are set. */
  readonly passedVariables: readonly string[]
}

export interface ConstitutionOptions {
  /** Prefix of the service names. Default: `erlmcp-`. */
  readonly prefix?: string
  /** Compose files for `-f`. Default: none. */
  readonly files?: readonly string[]
  /** Rows in addition to the default ones. A row for the same command replaces the default. */
  readonly rows?: readonly Row[]
}

/** File of a project's own map, relative to its root. */
export const constitutionPath = 'constitution.json'

/** Set in every gate service: where it is `1`, the shims run the real program. */
export const containerEnvironment = { ERLMCP_IN_CONTAINER: '1' } as const

/** Prefix of the services of gates. */
export const defaultPrefix = 'erlmcp-'

/**
 * The map of a project: the default rows, changed by `options`.
 *
 * @example
 * constitution({ prefix: 'shop-', rows: [{ host: ['rebar3', 'hank'], service: 'lint' }] })
 */
export function constitution(options: ConstitutionOptions = {}): Constitution {
  const { prefix = defaultPrefix, files = [], rows = [] } = options
  const own = new Set(rows.map(({ host }) => host.join(' ')))
  return {
    rows: [...rows, ...defaultRows.filter(({ host }) => !own.has(host.join(' ')))],
    allowed: defaultAllowed,
    prefix,
    files,
    passedVariables: [
      'ERL_AFLAGS',
      'ERL_COMPILER_OPTIONS',
      'ERL_FLAGS',
      'ERL_ZFLAGS',
      'REBAR_PROFILE',
    ],
  }
}

/**
 * The map as the file that `erlmcp rewrite`, `run` and `guard` read: a source of a stack.
 *
 * @throws UserError for invalid options
 * @example
 * stack('shop', [constitutionFile({ prefix: 'shop-' })])
 */
export function constitutionFile(options: ConstitutionOptions): Source {
  const text = JSON.stringify(options, null, 2)
  try {
    parseConstitution(text)
  } catch (error) {
    if (!isUserError(error)) throw error
    throw new UserError({
      message: error.summary,
      hint: error.hint,
      origin: originOf(constitutionFile),
    })
  }
  return Object.freeze({ documents: () => [documentOf(text)] })
}

/** Marks a map that was derived from gates. A map that the user writes takes precedence. */
const derivedKey = 'derived'

/**
 * The map of a project whose gates run in services with another prefix. Undefined when the default
 * map applies, or the project has a map of its own.
 *
 * @param services service of each gate, by the name of the gate
 * @param text content of the project's `constitution.json`, if any
 */
export function derivedConstitution(
  services: ReadonlyMap<string, string>,
  text: string | undefined,
): Document | undefined {
  if (text !== undefined && !text.includes(`"${derivedKey}"`)) return undefined
  const prefixes = new Set(
    defaultRows.flatMap(({ gate, service = '' }) => {
      const own = gate === undefined ? undefined : services.get(gate)
      return own?.endsWith(service) ? [own.slice(0, own.length - service.length)] : (own ?? [])
    }),
  )
  const [prefix] = prefixes
  if (prefixes.size !== 1 || prefix === defaultPrefix) return undefined
  return documentOf(
    JSON.stringify({ [derivedKey]: 'from the services of the gates', prefix }, null, 2),
  )
}

function documentOf(text: string): Document {
  const document = textFile(constitutionPath, text)
  const isDerived = (one: typeof document.data) => one.text.includes(`"${derivedKey}"`)
  const merge = (first: typeof document.data, second: typeof document.data) => {
    if (isDerived(first) && !isDerived(second)) return second
    if (isDerived(second) || first.text === second.text) return first
    throw new UserError({
      message: `duplicate ${constitutionPath}: two sources of the stack define it`,
      hint: 'Merge them into one constitutionFile(…).',
    })
  }
  return { ...document, format: { ...document.format, merge } }
}

const { list, object, record, string, textLike } = schema

const word = textLike(/./s, 'a word')

const rowSchema = record<Row>(
  {
    host: { ...list(word), expected: 'a program, or a program and one of its tasks' },
    service: string,
    gate: string,
    reason: string,
  },
  ['service', 'gate', 'reason'],
)

const fileSchema = object<ConstitutionOptions & { readonly [derivedKey]: string }>({
  prefix: string,
  files: list(word),
  rows: list(rowSchema),
  [derivedKey]: string,
})

/**
 * Parses a `constitution.json`.
 *
 * @throws UserError for the first invalid value
 */
export function parseConstitution(text: string): Constitution {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    throw invalid(`invalid JSON: ${(error as Error).message}`)
  }
  const [violation] = validate(fileSchema, data)
  if (violation) throw invalid(formatViolation(violation))
  const { [derivedKey]: _, ...options } = data as ConstitutionOptions & { [derivedKey]?: string }
  for (const [index, { host, service, reason }] of (options.rows ?? []).entries()) {
    if (host.length < 1 || host.length > 2) {
      throw invalid(`rows[${index}].host: expected a program, or a program and one of its tasks`)
    }
    if ((service === undefined) === (reason === undefined)) {
      throw invalid(`rows[${index}]: expected a service, or a reason`)
    }
  }
  return constitution(options)
}

function invalid(message: string): UserError {
  return new UserError({
    message: `${constitutionPath}: ${message}`,
    hint: 'Write it as in {"prefix": "shop-", "rows": [{"host": ["rebar3", "hank"], "service": "lint"}]}.',
  })
}
