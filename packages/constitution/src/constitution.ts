import {
  type Document,
  isUserError,
  originOf,
  type Source,
  textFile,
  UserError,
} from '@erlmcp/core'

/** A row of the map: which service runs a command of the host, or why none does. */
export interface Row {
  /** A program and, where it has tasks, one of them: `['rebar3', 'eunit']`, `['erlc']`. */
  readonly host: readonly [program: string, task?: string]
  /** The compose service, without the prefix. */
  readonly service?: string
  /** The gate that it is, where it is one. */
  readonly gate?: string
  /** Instead of a service: why there is none, and what to do. */
  readonly why?: string
}

/** What may run on a host, and what becomes of the rest. Plain data. */
export interface Constitution {
  readonly rows: readonly Row[]
  /** Programs and the words that must follow them, options aside: what may run as it is. */
  readonly allowed: readonly (readonly string[])[]
  /** Stands before the names of the services. */
  readonly prefix: string
  /** Compose files that are named with `-f`. None: those that compose finds by itself. */
  readonly files: readonly string[]
  /** Variables of the caller that go along into the container when they are set. */
  readonly passes: readonly string[]
}

export interface ConstitutionOptions {
  /** Default: `erlmcp-`. */
  readonly prefix?: string
  /** Default: none. */
  readonly files?: readonly string[]
  /** More rows; one of the same command takes the place of the default. */
  readonly rows?: readonly Row[]
}

/** Where a project keeps a map of its own. */
export const constitutionPath = 'constitution.json'

/** Set in every gate service: the shims step aside where it is `1`, and nowhere else. */
export const containerEnvironment = { ERLMCP_IN_CONTAINER: '1' } as const

const tasksOf = (program: string, service: string, tasks: readonly string[]): Row[] =>
  tasks.map((task) => ({ host: [program, task], service }))

const twoGates = (unit: string, integration: string) =>
  `it is two gates: \`${unit}\` and \`${integration}\``

const defaultRows: readonly Row[] = [
  { host: ['rebar3', 'compile'], service: 'build', gate: 'compile' },
  { host: ['rebar3', 'eunit'], service: 'unit', gate: 'eunit' },
  { host: ['rebar3', 'ct'], service: 'ct', gate: 'ct' },
  { host: ['rebar3', 'dialyzer'], service: 'check', gate: 'dialyzer' },
  { host: ['rebar3', 'xref'], service: 'check', gate: 'xref' },
  { host: ['rebar3', 'cover'], service: 'check', gate: 'coverage' },
  ...tasksOf('rebar3', 'build', [
    'clean',
    'deps',
    'escriptize',
    'edoc',
    'get-deps',
    'lock',
    'path',
  ]),
  ...tasksOf('rebar3', 'build', [
    'release',
    'shell',
    'tar',
    'tree',
    'unlock',
    'upgrade',
    'version',
  ]),
  ...tasksOf('rebar3', 'unit', ['proper']),
  ...tasksOf('rebar3', 'check', ['fmt', 'hank', 'lint']),
  { host: ['make', 'compile'], service: 'build', gate: 'compile' },
  { host: ['make', 'eunit'], service: 'unit', gate: 'eunit' },
  { host: ['make', 'ct'], service: 'ct', gate: 'ct' },
  { host: ['make', 'dialyzer'], service: 'check', gate: 'dialyzer' },
  { host: ['make', 'xref'], service: 'check', gate: 'xref' },
  { host: ['make', 'coverage'], service: 'check', gate: 'coverage' },
  { host: ['make', 'benchmark'], service: 'bench', gate: 'bench' },
  { host: ['make', 'bench'], service: 'bench', gate: 'bench' },
  { host: ['make', 'cluster'], service: 'node', gate: 'cluster' },
  { host: ['make', 'test'], why: twoGates('make eunit', 'make ct') },
  { host: ['make', 'tests'], why: twoGates('make eunit', 'make ct') },
  { host: ['erl'], service: 'build' },
  { host: ['erlc'], service: 'build' },
  { host: ['escript'], service: 'build' },
  { host: ['ct_run'], service: 'ct' },
  { host: ['dialyzer'], service: 'check' },
  { host: ['typer'], service: 'check' },
  { host: ['epmd'], why: 'the nodes of a cluster find each other without epmd' },
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
 * The map from commands of the host to services: the guide's gates, changed by `options`.
 *
 * @example
 * constitution({ prefix: 'shop-', rows: [{ host: ['rebar3', 'hank'], service: 'lint' }] })
 */
export function constitution(options: ConstitutionOptions = {}): Constitution {
  const { prefix = 'erlmcp-', files = [], rows = [] } = options
  const own = new Set(rows.map(({ host }) => host.join(' ')))
  return {
    rows: [...rows, ...defaultRows.filter(({ host }) => !own.has(host.join(' ')))],
    allowed: defaultAllowed,
    prefix,
    files,
    passes: ['ERL_AFLAGS', 'ERL_COMPILER_OPTIONS', 'ERL_FLAGS', 'ERL_ZFLAGS', 'REBAR_PROFILE'],
  }
}

/**
 * The options of a map as the file that `erlmcp rewrite`, `run` and `guard` read: a source of a
 * stack.
 *
 * @throws UserError for options that no map can have
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

/** Told in a map that was made for the gates: the user's own goes before it. */
const made = 'derived'

/**
 * The map of a project whose gates have other services than the default ones, so that `erlmcp
 * rewrite` names those that there are. Nothing where the project has a map of its own.
 *
 * @param text what the project has at its path
 */
export function derivedConstitution(
  services: ReadonlyMap<string, string>,
  text: string | undefined,
): Document | undefined {
  if (text !== undefined && !text.includes(`"${made}"`)) return undefined
  const prefixes = new Set(
    defaultRows.flatMap(({ gate, service = '' }) => {
      const own = gate === undefined ? undefined : services.get(gate)
      return own?.endsWith(service) ? [own.slice(0, own.length - service.length)] : (own ?? [])
    }),
  )
  const [prefix] = prefixes
  if (prefixes.size !== 1 || prefix === 'erlmcp-') return undefined
  return documentOf(JSON.stringify({ [made]: 'from the services of the gates', prefix }, null, 2))
}

function documentOf(text: string): Document {
  const document = textFile(constitutionPath, text)
  const isBranded = (one: typeof document.data) => one.text.includes(`"${made}"`)
  const merge = (first: typeof document.data, second: typeof document.data) => {
    if (isBranded(first) && !isBranded(second)) return second
    if (isBranded(second) || first.text === second.text) return first
    throw new UserError({
      message: `two sources of the stack make ${constitutionPath}`,
      hint: 'Put all of it into one constitutionFile(…).',
    })
  }
  return { ...document, format: { ...document.format, merge } }
}

/**
 * The map that the text of such a file describes.
 *
 * @throws UserError which says what in it is wrong
 */
export function parseConstitution(text: string): Constitution {
  const data = parseJson(text)
  if (!isRecord(data)) throw wrong('it must hold an object')
  const known = ['prefix', 'files', 'rows', made]
  const unknown = Object.keys(data).find((key) => !known.includes(key))
  if (unknown !== undefined) throw wrong(`it has ${JSON.stringify(unknown)}, which means nothing`)
  const { prefix = 'erlmcp-', files = [], rows = [] } = data
  if (typeof prefix !== 'string') throw wrong('its prefix must be a text')
  if (!isTexts(files)) throw wrong('its files must be a list of texts')
  if (!Array.isArray(rows)) throw wrong('its rows must be a list')
  return constitution({ prefix, files, rows: rows.map(parseRow) })
}

function parseRow(row: unknown, index: number): Row {
  if (!isRecord(row)) throw wrong(`rows[${index}] must be an object`)
  const { host, ...rest } = row
  if (!isTexts(host) || host.length < 1 || host.length > 2) {
    throw wrong(`rows[${index}].host must be a program, or a program and its task`)
  }
  for (const key of Object.keys(rest)) {
    const isKnown = ['service', 'gate', 'why'].includes(key) && typeof rest[key] === 'string'
    if (!isKnown) throw wrong(`rows[${index}].${key} is not a text that is known`)
  }
  if ((rest.service === undefined) === (rest.why === undefined)) {
    throw wrong(`rows[${index}] must have a service, or the reason why there is none`)
  }
  return { host: host as unknown as Row['host'], ...(rest as Omit<Row, 'host'>) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw wrong(`it is not JSON: ${(error as Error).message}`)
  }
}

const isRecord = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null && !Array.isArray(data)

const isTexts = (data: unknown): data is string[] =>
  Array.isArray(data) && data.every((one) => typeof one === 'string' && one !== '')

function wrong(message: string): UserError {
  return new UserError({
    message: `${constitutionPath}: ${message}`,
    hint: 'Such as {"prefix": "shop-", "rows": [{"host": ["rebar3", "hank"], "service": "lint"}]}.',
  })
}
