import {
  mount,
  network,
  override,
  type ServiceOverride,
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
  /** Image that the gates run in: `image.tools` of `erlangImage`. */
  readonly image: BuiltImage
  /**
   * Files and folders of the project that gates see. They see nothing else: no secret, no history.
   * Default: `apps`, `config`, `rebar.config` and `rebar.lock`.
   */
  readonly sources?: readonly string[]
  /**
   * Overrides for every service, such as other limits. `environment` is merged, and without
   * `networks` a service also joins those of its `depends_on`. Default: none.
   */
  readonly service?: ServiceOverride
  /**
   * Name of the set, of its network and of its script `docker/NAME/run`, and prefix of its volumes.
   * Two sets of one stack need two names. Default: `gates`.
   */
  readonly name?: string
  /**
   * Overrides for single services by name, on top of `service`, such as
   * `{ 'shop-ct': { depends_on: [healthy(db)] } }`. Default: none.
   */
  readonly services?: Readonly<Record<string, ServiceOverride>>
}

/** A set of gates: their services for a compose file, and the script that the services run. */
export interface Gates extends Source, Originated {
  readonly kind: 'gates'
  /** Name of the set, as in `erlmcp gate run --set NAME`. */
  readonly name: string
  /** In topological order, with all gates that they need. */
  readonly gates: readonly GateValue[]
  /** Files and folders of the project that gates see. */
  readonly sources: readonly string[]
  /** For a compose file. They are in the profile `gates`, so that a plain `up` starts none. */
  readonly services: readonly ServiceValue[]
  documents(context?: StackContext): Iterable<Document>
}

const defaultName = 'gates'
const defaultSources = ['apps', 'config', 'rebar.config', 'rebar.lock']

/**
 * Quality gates as compose services. Each copies the project, which is mounted read-only; their
 * builds, caches and evidence are in three volumes.
 *
 * @throws UserError for two gates of one name, two that build, an unknown key or service, an
 * invalid list of gates or image, or a source outside the project
 * @example
 * const image = erlangImage({ release: 'app', version: '1.0.0', otp: '28.3.1' })
 * const quality = gates(Object.values(erlangGates({ prefix: 'app-' })), { image: image.tools })
 * export default stack('app', [image, quality, compose('docker-compose.yml', [...quality.services])])
 */
export function gates(values: readonly GateValue[], options: GatesOptions): Gates {
  const origin = originOf(gates)
  validateArguments(values, options, origin)
  const ordered = Object.freeze(inOrder(values))
  validateBuilders(ordered)
  for (const path of options.sources ?? []) validateSource(path, origin)
  const { name: set = defaultName, services: single = {} } = options
  const names = [...new Set(ordered.map(({ spec }) => spec.service))]
  validateServiceNames(Object.keys(single), names, origin)
  const files = ordered.flatMap(({ spec }) => spec.files ?? [])
  const about = `Gates of ${names.join(', ')} in ${options.image.image}.`
  const script = scriptOf(set, gateScript(ordered, about), origin)
  const volumes = volumesOf(set)
  const services = names.map((name) => {
    const first = ordered.find(({ spec }) => spec.service === name)!
    const plain = serviceOf(first, script, files, volumes, options)
    return overridden(plain, { ...options.service, ...single[name] }, set)
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
  name: string,
})

function validateArguments(
  values: readonly GateValue[],
  options: GatesOptions,
  origin: Origin,
): void {
  const fail = (message: string, hint: string): never => {
    throw new UserError({ message: `gates(…): ${message}`, hint, origin })
  }
  if (!isGateList(values) || values.length === 0) {
    fail('expected a list of gates', 'Write gates(Object.values(erlangGates()), …).')
  }
  validateOptions('gates(…)', options ?? ({} as GatesOptions), optionsSchema, origin)
  if (!options?.image?.build || typeof options.image.user !== 'string') {
    fail(
      '`image`: expected a built image',
      'Pass a part of erlangImage(…): { image: image.tools }.',
    )
  }
  if (options.sources !== undefined && !Array.isArray(options.sources)) {
    fail('`sources`: expected a list of paths', "Write ['src', 'test', 'rebar.config'].")
  }
  if (options.name !== undefined && !/^[a-z][a-z0-9-]{0,39}$/.test(options.name)) {
    fail(
      `invalid name ${JSON.stringify(options.name)}`,
      'Use up to 40 lower-case letters, digits and dashes, beginning with a letter.',
    )
  }
}

const mapOf = (gates: readonly GateValue[]) =>
  new Map(gates.map(({ name, spec }) => [name, spec.service]))

/**
 * The script as a document. Another set with this path has the same name and so the same volumes:
 * gates of one would start with the build of the other.
 */
function scriptOf(set: string, text: string, origin: Origin): Document {
  const path = `docker/${set}/run`
  const script = textFile(path, text, { comment: '#', mode: 0o755 })
  const merge = (first: typeof script.data, second: typeof script.data) => {
    if (first.text === second.text) return first
    throw new UserError({
      message: `duplicate set of gates ${set}: two sets would share volumes and ${path}`,
      hint: `Rename one of them: gates(…, { name: '${set}-2' }), with its own services.`,
      origin,
    })
  }
  return { ...script, format: { ...script.format, merge } }
}

function validateServiceNames(
  keys: readonly string[],
  names: readonly string[],
  origin: Origin,
): void {
  const unknown = keys.find((name) => !names.includes(name))
  if (unknown === undefined) return
  throw new UserError({
    message: `gates(…): \`services\`: unknown service ${JSON.stringify(unknown)}`,
    hint: `Use one of ${names.join(', ')}.`,
    origin,
  })
}

function validateBuilders(gates: readonly GateValue[]): void {
  const [first, second] = gates.filter(({ spec }) => spec.builds)
  if (!second) return
  throw new UserError({
    message: `two gates have \`builds\`: ${first!.name} and ${second.name}`,
    hint: 'Remove `builds` from one of them.',
    origin: second[ORIGIN],
  })
}

function validateSource(path: string, origin: Origin): void {
  const segments = path.split('/')
  // The host's _build has code of other compilers and reports of other runs.
  const isOwn = segments[0] !== '_build'
  if (isOwn && segments.every((one) => !['', '.', '..', '.git', '.erlmcp'].includes(one))) return
  throw new UserError({
    message: `gates(…): invalid source ${JSON.stringify(path)}: expected a path of the project`,
    hint: "List files and folders one by one, such as 'apps' and 'rebar.config'.",
    origin,
  })
}

/** Whether a source of a stack is a set of gates, also of another copy of this package. */
export function isGates(source: unknown): source is Gates {
  return typeof source === 'object' && source !== null && (source as Gates).kind === 'gates'
}

/** Overrides keep the environment of gates, and add the networks of dependencies. */
function overridden(plain: ServiceValue, options: ServiceOverride, set: string): ServiceValue {
  const { depends_on = [], environment } = options
  const needed = depends_on.map((one) => (one.kind === 'service' ? one : one.service))
  const reached = needed.flatMap(({ spec }) =>
    spec.networks === undefined || spec.networks.length === 0
      ? [network('default')]
      : spec.networks.map((one) => (one.kind === 'network' ? one : one.value)),
  )
  const networks = new Map([network(set), ...reached].map((one) => [one.name, one]))
  const isMap = typeof environment === 'object' && !Array.isArray(environment)
  return override(plain, {
    ...(needed.length > 0 && { networks: [...networks.values()] }),
    ...options,
    ...(isMap && { environment: { ...containerEnvironment, ...environment } }),
  })
}

function volumesOf(set: string) {
  const again = { 'x-no-backup': 'a run of the gates makes it again' }
  return [
    mount(volume(`${set}-build`, again), folders.build),
    mount(volume(`${set}-cache`, again), folders.cache),
    mount(volume(`${set}-evidence`, again), folders.evidence),
  ]
}

function serviceOf(
  first: GateValue,
  script: Document,
  files: readonly Document[],
  volumes: ReturnType<typeof volumesOf>,
  { image, sources = defaultSources, name = defaultName }: GatesOptions,
): ServiceValue {
  return service(first.spec.service, {
    profiles: ['gates'],
    build: image,
    // Gates download packages, and reach no service of the deployment.
    networks: [network(name)],
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
    // The health check of the image needs a server, which does not run here.
    healthcheck: { disable: true },
    deploy: { resources: { limits: { cpus: '2.0', memory: '4G', pids: 4096 } } },
  })
}
