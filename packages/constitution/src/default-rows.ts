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

/** The commands of rebar3, make and Erlang, each with its service. */
export const defaultRows: readonly Row[] = [
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

/** Commands that may run on the host: they only reach containers. */
export const defaultAllowed = [
  ['docker', 'compose'],
  ['docker', 'build'],
  ['docker', 'buildx'],
  ['docker', 'run'],
  ['docker', 'exec'],
  ['docker', 'stack', 'deploy'],
  ['kubectl', 'apply', '--dry-run=server'],
]
