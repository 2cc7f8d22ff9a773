import { posix } from 'node:path'
import {
  type Document,
  ignoreFiles,
  ORIGIN,
  originOf,
  type SecretFile,
  type Source,
  UserError,
} from '@erlmcp/core'
import { checkFile } from './check-file.ts'
import { type ComposeFile, DIALECT, type Include } from './document.ts'
import { type Dotenv, dotenvFormat } from './dotenv.ts'
import type { Interpolation } from './interpolation.ts'
import { lowerService, projectFile, userOf } from './lower.ts'
import { madeFile } from './lower-mount.ts'
import { composeFormat } from './print.ts'
import { type Reached, reach } from './reach.ts'
import { random, type SecretValue, secretFile } from './secret.ts'
import type { ServiceValue } from './service.ts'
import { checkShapes } from './shape.ts'
import { shapesOf } from './shapes.ts'
import { toSwarm } from './swarm.ts'
import { Usage, withOrigin } from './usage.ts'

export interface ComposeOptions {
  /**
   * Project name. Default: the stack's name for `compose.yaml` and `docker-compose.yml`,
   * `<stack>-<variant>` for `docker-compose.<variant>.yml`, so that two files of one stack never
   * take each other's containers for their own.
   */
  readonly name?: string | Interpolation
  /** Other compose files that this one takes in. */
  readonly include?: readonly Include[]
  /** An extension: any data under a key that begins with `x-`. */
  readonly [extension: `x-${string}`]: unknown
}

/**
 * A compose file for `docker compose`. The services, all that they use, and `.env.example`,
 * mounted files and secrets come with it.
 *
 * @param path relative to the project
 * @throws UserError for a path, services or options that cannot be such, or when two values of one
 * kind and name differ
 * @example
 * export default stack('shop', [compose('compose.yaml', [app])])
 */
export function compose(
  path: string,
  services: readonly ServiceValue[],
  options: ComposeOptions = {},
): Source {
  return source(path, services, options, 'compose')
}

/**
 * A stack file for `docker stack deploy`. What has an equivalent is rewritten: `restart` to
 * `deploy.restart_policy`, `tmpfs` to mounts, ports to the long form, bridge networks to overlay;
 * a `build` leaves its image. What a swarm drops or refuses is left out, and each such thing is a
 * finding.
 *
 * @param path relative to the project
 * @throws UserError for a path, services or options that cannot be such, or when two values of one
 * kind and name differ
 * @example
 * export default stack('shop', [swarm('docker-compose.swarm.yml', [app])])
 */
export function swarm(
  path: string,
  services: readonly ServiceValue[],
  options: ComposeOptions = {},
): Source {
  return source(path, services, options, 'swarm')
}

function source(
  path: string,
  services: readonly ServiceValue[],
  options: ComposeOptions,
  dialect: 'compose' | 'swarm',
): Source {
  checkFile({ path, services, options, dialect }, originOf(dialect === 'swarm' ? swarm : compose))
  const frozen = Object.freeze([...services])
  let known: Reached | undefined
  const reached = () => {
    known ??= reach(frozen)
    return known
  }
  return Object.freeze({
    *documents({ stack }: { readonly stack: string }) {
      const usage = new Usage(path, dialect)
      // A stack has its name from the command line.
      const named = dialect === 'swarm' ? options : { name: projectName(path, stack), ...options }
      const made = withoutCycles(path, () => composeFile(reached(), usage, named, dialect))
      const data = dialect === 'swarm' ? toSwarm(made, saidIn(reached())) : made
      yield { path, format: composeFormat, data }
      yield* usage.documents
      if (usage.variables.length > 0) {
        const env: Dotenv = { variables: usage.variables }
        yield { path: '.env.example', format: dotenvFormat, data: env } satisfies Document<Dotenv>
      }
      yield* ignoreFiles(secretFiles(reached(), path))
    },
    secrets: () => secretFiles(reached(), path),
  })
}

/** Data of a person's own, under `x-`, may contain itself: reading it does not end. */
function withoutCycles<Result>(path: string, make: () => Result): Result {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new UserError({
      what: `${path} would hold data that contains itself, or nests thousands deep`,
      help: 'Break the cycle: a file has an end.',
    })
  }
}

function saidIn({ services }: Reached): (service: string, key: string) => boolean {
  return (service, key) => key in (services.get(service)?.spec ?? {})
}

/** Name of the project that a file makes. */
export function projectName(path: string, stack: string): string {
  const variant = /^(?:docker-)?compose\.(.+)\.ya?ml$/.exec(posix.basename(path))?.[1]
  return variant === undefined
    ? stack
    : `${stack}-${variant.toLowerCase().replaceAll(/[^a-z0-9_-]+/g, '-')}`
}

/** The document of a compose file, and in `usage` what else it needs. */
function composeFile(
  { services, jobs }: Reached,
  usage: Usage,
  options: ComposeOptions,
  dialect: 'compose' | 'swarm',
): ComposeFile {
  const head = usage.fields(options)
  const nodes: Record<string, unknown> = {}
  for (const value of services.values()) {
    nodes[value.name] = lowerService(value, usage, { dialect, jobs })
  }
  usage.user = ''
  return {
    ...head,
    services: nodes as ComposeFile['services'] & object,
    ...section('models', usage.models, (value) => usage.fields(value.spec)),
    ...section('networks', usage.networks, (value) => usage.fields(value.spec)),
    ...section('volumes', usage.volumes, (value) => usage.fields(value.spec)),
    ...section('secrets', usage.secrets, (value) => lowerSecret(value, usage)),
    ...section('configs', usage.configs, ({ spec: { document, ...spec } }) => ({
      ...usage.fields(spec),
      ...(document && { file: madeFile(document, usage) }),
    })),
    [DIALECT]: { name: dialect, changes: [] },
  }
}

/** The definitions of one section, by name. */
function section<
  Value extends { readonly name: string; readonly [ORIGIN]?: ServiceValue[typeof ORIGIN] },
>(key: string, values: ReadonlyMap<string, Value>, lower: (value: Value) => object): object {
  if (values.size === 0) return {}
  const nodes: Record<string, object> = {}
  for (const value of [...values.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const node = lower(value)
    checkShapes(node, shapesOf.get(key)!, `${key}.${value.name}`, value[ORIGIN])
    nodes[value.name] = withOrigin(node, value[ORIGIN])
  }
  return { [key]: nodes }
}

function lowerSecret(value: SecretValue, usage: Usage): object {
  const { make: _, file: __, atRest: ___, ...spec } = value.spec
  const file = secretFile(value)
  return { ...usage.fields(spec), ...(file !== undefined && { file: usage.plain(file) }) }
}

/** The files that `erlmcp secrets init` makes, each with the users that read it. */
function secretFiles({ services }: Reached, path: string): SecretFile[] {
  const files = new Map<string, { value: SecretValue; readers: Set<number> }>()
  for (const service of services.values()) {
    if (!service.spec.secrets) continue
    const [uid] = userOf(service)
    for (const one of service.spec.secrets) {
      const value = one.kind === 'use' ? one.value : one
      const file = secretFile(value)
      if (file === undefined) continue
      const inside = projectFile(file, path, value)
      const known = files.get(inside) ?? { value, readers: new Set<number>() }
      if (uid !== undefined) known.readers.add(Number(uid))
      files.set(inside, known)
    }
  }
  return [...files].map(([file, { value, readers }]) => ({
    path: file,
    recipe: value.spec.make ?? random(),
    readers: [...readers].sort((a, b) => a - b),
    ...(value.spec.atRest && { atRest: true }),
    ...(value[ORIGIN] && { [ORIGIN]: value[ORIGIN] }),
  }))
}
