import {
  type Document,
  isUserError,
  originOf,
  type Source,
  textFile,
  UserError,
} from '@erlmcp/core'

/** A row of the map: the service that runs a command, or the reason why none does. */
export interface Row {
  /** A program, or a program and one of its tasks: `['erlc']`, `['rebar3', 'eunit']`. */
  readonly host: readonly [program: string, task?: string]
  /** Compose service, without the prefix. */
  readonly service?: string
  /** The gate that runs the same command. */
  readonly gate?: string
  /** In place of a service: why the command has none. */
  readonly reason?: string
}

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

/** The service of each gate of an Erlang project, without the prefix. */
export const gateServices = {
  compile: 'build',
  eunit: 'unit',
  ct: 'ct',
  dialyzer: 'check',
  xref: 'check',
  coverage: 'check',
  bench: 'bench',
  cluster: 'node',
} as const

type GateName = keyof typeof gateServices

const gateRow = (program: string, gate: GateName, task: string = gate): Row => ({
  host: [program, task],
  service: gateServices[gate],
  gate,
})

const gateRows = (program: string, gates: readonly GateName[]): Row[] =>
  gates.map((gate) => gateRow(program, gate))

const tasksOf = (program: string, service: string, tasks: readonly string[]): Row[] =>
  tasks.map((task) => ({ host: [program, task], service }))

const twoGates = 'the tests are two gates: `make eunit` and `make ct`'

const defaultRows: readonly Row[] = [
  ...gateRows('rebar3', ['compile', 'eunit', 'ct', 'dialyzer', 'xref']),
  gateRow('rebar3', 'coverage', 'cover'),
  ...tasksOf('rebar3', 'build', [
    ...['clean', 'deps', 'escriptize', 'edoc', 'get-deps', 'lock', 'path'],
    ...['release', 'shell', 'tar', 'tree', 'unlock', 'upgrade', 'version'],
  ]),
  ...tasksOf('rebar3', 'unit', ['proper']),
  ...tasksOf('rebar3', 'check', ['fmt', 'hank', 'lint']),
  ...gateRows('make', ['compile', 'eunit', 'ct', 'dialyzer', 'xref', 'coverage']),
  gateRow('make', 'bench', 'benchmark'),
  ...gateRows('make', ['bench', 'cluster']),
  { host: ['make', 'test'], reason: twoGates },
  { host: ['make', 'tests'], reason: twoGates },
  { host: ['erl'], service: 'build' },
  { host: ['erlc'], service: 'build' },
  { host: ['escript'], service: 'build' },
  { host: ['ct_run'], service: 'ct' },
  { host: ['dialyzer'], service: 'check' },
  { host: ['typer'], service: 'check' },
  { host: ['epmd'], reason: 'the nodes of a cluster find each other without epmd' },
]

const defaultAllowed = [
  ['docker', 'compose'],
  ['docker', 'build'],
  ['docker', 'buildx'],
  ['docker', 'run'],
  ['docker', 'exec'],
  ['docker', 'stack', 'deploy'],
  ['kubectl', 'apply', '--dry-run=server'],
]

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

/**
 * Parses a `constitution.json`.
 *
 * @throws UserError for the first invalid value
 */
export function parseConstitution(text: string): Constitution {
  const data = parseJson(text)
  if (!isRecord(data)) throw invalid('expected an object')
  const known = ['prefix', 'files', 'rows', derivedKey]
  const unknown = Object.keys(data).find((key) => !known.includes(key))
  if (unknown !== undefined) throw invalid(`unknown key ${JSON.stringify(unknown)}`)
  const { prefix = defaultPrefix, files = [], rows = [] } = data
  if (typeof prefix !== 'string') throw invalid('prefix: expected a string')
  if (!isStringList(files)) throw invalid('files: expected a list of strings')
  if (!Array.isArray(rows)) throw invalid('rows: expected a list')
  return constitution({ prefix, files, rows: rows.map(parseRow) })
}

function parseRow(row: unknown, index: number): Row {
  if (!isRecord(row)) throw invalid(`rows[${index}]: expected an object`)
  const { host, ...rest } = row
  if (!isStringList(host) || host.length < 1 || host.length > 2) {
    throw invalid(`rows[${index}].host: expected a program, or a program and one of its tasks`)
  }
  for (const key of Object.keys(rest)) {
    if (!['service', 'gate', 'reason'].includes(key)) {
      throw invalid(`rows[${index}]: unknown key ${JSON.stringify(key)}`)
    }
    if (typeof rest[key] !== 'string') throw invalid(`rows[${index}].${key}: expected a string`)
  }
  if ((rest.service === undefined) === (rest.reason === undefined)) {
    throw invalid(`rows[${index}]: expected a service, or a reason`)
  }
  return { host: host as unknown as Row['host'], ...(rest as Omit<Row, 'host'>) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid(`invalid JSON: ${(error as Error).message}`)
  }
}

const isRecord = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null && !Array.isArray(data)

const isStringList = (data: unknown): data is string[] =>
  Array.isArray(data) && data.every((one) => typeof one === 'string' && one !== '')

function invalid(message: string): UserError {
  return new UserError({
    message: `${constitutionPath}: ${message}`,
    hint: 'Write it as in {"prefix": "shop-", "rows": [{"host": ["rebar3", "hank"], "service": "lint"}]}.',
  })
}
