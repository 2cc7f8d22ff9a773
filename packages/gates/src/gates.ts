import {
  change,
  mount,
  network,
  type ServiceChange,
  type ServiceValue,
  service,
  volume,
} from '@erlmcp/compose'
import { constitutionPath, containerEnvironment, derivedConstitution } from '@erlmcp/constitution'
import {
  type BuiltImage,
  type Document,
  ORIGIN,
  type Origin,
  type Originated,
  originOf,
  type Source,
  type StackContext,
  schema,
  textFile,
  UserError,
  validateOptions,
} from '@erlmcp/core'
import { type GateValue, inOrder, isGateList } from './gate.ts'
import { folders } from './paths.ts'
import { gateScript } from './script.ts'

export interface GatesOptions {
  /** What the gates run in: `image.tools` of `erlangImage`. */
  readonly image: BuiltImage
  /**
   * What a gate sees of the project, and nothing else: no secret, no history.
   * Default: `apps`, `config`, `rebar.config` and `rebar.lock`.
   */
  readonly sources?: readonly string[]
  /**
   * Changes to every service, such as other limits. `environment` is added to what gates have, and
   * without `networks` a service is also in those of what it `depends_on`.
   */
  readonly service?: ServiceChange
  /**
   * Names the set: its network, its script `docker/NAME/run`, and what its volumes begin with. Two
   * sets of one stack have two names. Default: `gates`.
   */
  readonly prefix?: string
  /**
   * Changes to single services by their names, over those of `service`: what one gate needs and the
   * others do not, such as `{ 'shop-ct': { depends_on: [healthy(db)] } }`.
   */
  readonly services?: Readonly<Record<string, ServiceChange>>
}

/** Gates of a project: their services for a compose file, and the script that they run. */
export interface Gates extends Source, Originated {
  readonly kind: 'gates'
  /** Name of the set, with which `erlmcp gate run --set NAME` chooses it among several. */
  readonly name: string
  /** Each after what it needs. */
  readonly gates: readonly GateValue[]
  /** What a gate sees of the project. */
  readonly sources: readonly string[]
  /** For a compose file; behind the profile `gates`, so that a plain `up` starts none of them. */
  readonly services: readonly ServiceValue[]
  documents(context?: StackContext): Iterable<Document>
}

const defaultPrefix = 'gates'
const defaultSources = ['apps', 'config', 'rebar.config', 'rebar.lock']

/**
 * Quality gates as compose services. Each runs on a read-only view of the project, which it copies;
 * what they build, cache and leave behind is in three volumes.
 *
 * @throws UserError for two gates of one name or command, an unknown option, what is no list of gates or
 * no image, or a source outside the project
 * @example
 * const image = erlangImage({ release: 'app', version: '1.0.0', otp: '28.3.1' })
 * const quality = gates(Object.values(erlangGates({ prefix: 'app-' })), { image: image.tools })
 * export default stack('app', [image, quality, compose('docker-compose.yml', [...quality.services])])
 */
export function gates(values: readonly GateValue[], options: GatesOptions): Gates {
  const origin = originOf(gates)
  refuseOptions(values, options, origin)
  const ordered = Object.freeze(inOrder(values))
  refuseNone(ordered, origin)
  refuseTwins(ordered)
  refuseBuilders(ordered)
  for (const path of options.sources ?? []) refuseOutside(path, origin)
  const { prefix: set = defaultPrefix, services: single = {} } = options
  const names = [...new Set(ordered.map(({ spec }) => spec.service))]
  refuseUnknown(Object.keys(single), names, origin)
  const files = ordered.flatMap(({ spec }) => spec.files ?? [])
  const about = `Gates of ${names.join(', ')} in ${options.image.image}.`
  const script = scriptOf(set, gateScript(ordered, about), origin)
  const volumes = volumesOf(set)
  const services = names.map((name) => {
    const first = ordered.find(({ spec }) => spec.service === name)!
    const plain = serviceOf(first, script, files, volumes, options)
    return changed(plain, { ...options.service, ...single[name] }, set)
  })
  return Object.freeze({
    kind: 'gates' as const,
    name: set,
    gates: ordered,
    sources: Object.freeze([...(options.sources ?? defaultSources)]),
    services: Object.freeze(services),
    documents(context?: StackContext) {
      const known = context?.read?.(constitutionPath)
      const map = derivedConstitution(mapOf(ordered), known)
      return [script, ...files, ...(map ? [map] : [])]
    },
    [ORIGIN]: origin,
  })
}

const { any, anyObject, object, string } = schema

const optionsSchema = object<GatesOptions>({
  image: any,
  sources: any,
  service: anyObject,
  services: anyObject,
  prefix: string,
})

function refuseOptions(values: readonly GateValue[], options: GatesOptions, origin: Origin): void {
  const refuse = (message: string, hint: string): never => {
    throw new UserError({ message, hint, origin })
  }
  if (!isGateList(values)) {
    refuse('gates(…) was given no list of gates', 'Such as gates(Object.values(erlangGates()), …).')
  }
  validateOptions('gates(…)', options ?? ({} as GatesOptions), optionsSchema, origin)
  if (!options?.image?.build || typeof options.image.user !== 'string') {
    refuse(
      'gates(…) was given no image',
      'It is one part of erlangImage(…): { image: image.tools }.',
    )
  }
  if (options.sources !== undefined && !Array.isArray(options.sources)) {
    refuse('the sources of gates(…) are no list', "Such as ['src', 'test', 'rebar.config'].")
  }
  if (options.prefix !== undefined && !/^[a-z][a-z0-9-]{0,39}$/.test(options.prefix)) {
    refuse(
      `gates(…): invalid prefix ${JSON.stringify(options.prefix)}`,
      'Use up to 40 lower-case letters, digits and dashes, beginning with a letter.',
    )
  }
}

const mapOf = (gates: readonly GateValue[]) =>
  new Map(gates.map(({ name, spec }) => [name, spec.service]))

/**
 * The script as a document. Another set that wants its place has the same name, and would have the
 * same volumes: gates of one would begin with what the other has built.
 */
function scriptOf(set: string, text: string, origin: Origin): Document {
  const path = `docker/${set}/run`
  const script = textFile(path, text, { comment: '#', mode: 0o755 })
  const merge = (first: typeof script.data, second: typeof script.data) => {
    if (first.text === second.text) return first
    throw new UserError({
      message: `two sets of gates are called ${set}: they would share volumes and ${path}`,
      hint: `Name one of them: gates(…, { prefix: '${set}-2' }), with services of its own.`,
      origin,
    })
  }
  return { ...script, format: { ...script.format, merge } }
}

function refuseUnknown(given: readonly string[], names: readonly string[], origin: Origin): void {
  const unknown = given.find((name) => !names.includes(name))
  if (unknown === undefined) return
  throw new UserError({
    message: `the services of gates(…): unknown service ${JSON.stringify(unknown)}`,
    hint: `Name one of ${names.join(', ')}.`,
    origin,
  })
}

function refuseNone(gates: readonly GateValue[], origin: Origin): void {
  if (gates.length > 0) return
  throw new UserError({
    message: 'there are no gates in gates([])',
    hint: 'Begin with those of Erlang: gates(Object.values(erlangGates()), …).',
    origin,
  })
}

/** The script knows a gate by its words, whoever says them. */
function refuseTwins(gates: readonly GateValue[]): void {
  const known = new Map<string, GateValue>()
  for (const one of gates) {
    const words = one.spec.command.join(' ')
    const twin = known.get(words)
    if (twin) {
      throw new UserError({
        message: `the gates ${twin.name} and ${one.name} run the same words: ${words}`,
        hint: 'Make them one gate, or let them differ in a word, such as an option.',
        origin: one[ORIGIN],
      })
    }
    known.set(words, one)
  }
}

function refuseBuilders(gates: readonly GateValue[]): void {
  const [first, second] = gates.filter(({ spec }) => spec.builds)
  if (!second) return
  throw new UserError({
    message: `the gates ${first!.name} and ${second.name} both build what the others begin with`,
    hint: 'Let one of them have `builds`.',
    origin: second[ORIGIN],
  })
}

function refuseOutside(path: string, origin: Origin): void {
  const segments = path.split('/')
  // In _build a host has what other compilers built, and reports of other runs.
  const isOwn = segments[0] !== '_build'
  if (isOwn && segments.every((one) => !['', '.', '..', '.git', '.erlmcp'].includes(one))) return
  throw new UserError({
    message: `gates cannot see ${JSON.stringify(path)}`,
    hint: "Name files and folders of the project one by one, like 'apps' and 'rebar.config'.",
    origin,
  })
}

/** Whether a source of a stack is its gates, also ones made by another copy of this package. */
export function isGates(source: unknown): source is Gates {
  return typeof source === 'object' && source !== null && (source as Gates).kind === 'gates'
}

/** With what gates cannot do without, and a way to what they wait for. */
function changed(plain: ServiceValue, how: ServiceChange, set: string): ServiceValue {
  const { depends_on = [], environment } = how
  const needed = depends_on.map((one) => (one.kind === 'service' ? one : one.service))
  const reached = needed.flatMap(({ spec }) =>
    spec.networks === undefined || spec.networks.length === 0
      ? [network('default')]
      : spec.networks.map((one) => (one.kind === 'network' ? one : one.value)),
  )
  const networks = new Map([network(set), ...reached].map((one) => [one.name, one]))
  const isMap = typeof environment === 'object' && !Array.isArray(environment)
  return change(plain, {
    ...(needed.length > 0 && { networks: [...networks.values()] }),
    ...how,
    ...(isMap && { environment: { ...containerEnvironment, ...environment } }),
  })
}

function volumesOf(prefix: string) {
  const again = { 'x-no-backup': 'a run of the gates makes it again' }
  return [
    mount(volume(`${prefix}-build`, again), folders.build),
    mount(volume(`${prefix}-cache`, again), folders.cache),
    mount(volume(`${prefix}-evidence`, again), folders.evidence),
  ]
}

function serviceOf(
  first: GateValue,
  script: Document,
  files: readonly Document[],
  volumes: ReturnType<typeof volumesOf>,
  { image, sources = defaultSources, prefix = defaultPrefix }: GatesOptions,
): ServiceValue {
  return service(first.spec.service, {
    profiles: ['gates'],
    build: image,
    // Of their own: packages come from outside, and nothing of the deployment is near.
    networks: [network(prefix)],
    entrypoint: ['/usr/local/bin/gate'],
    command: [...first.spec.command],
    environment: containerEnvironment,
    volumes: [
      mount(script, '/usr/local/bin/gate', { read_only: true }),
      ...sources.map((path) =>
        mount(`./${path}`, `${folders.project}/${path}`, { read_only: true }),
      ),
      ...files.map((file) => mount(file, `${folders.project}/${file.path}`, { read_only: true })),
      folders.workspace,
      ...volumes,
    ],
    working_dir: folders.workspace,
    restart: 'no',
    // The image's own check asks a server that does not run here.
    healthcheck: { disable: true },
    deploy: { resources: { limits: { cpus: '2.0', memory: '4G', pids: 4096 } } },
  })
}
