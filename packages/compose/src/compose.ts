import { posix } from 'node:path'
import {
  type Document,
  ORIGIN,
  type Origin,
  originOf,
  type Source,
  type StackContext,
  textFile,
  UserError,
} from '@erlmcp/core'
import type { ComposeOptions } from './compose-options.ts'
import { type ComposeFile, DIALECT, type Service, SUPPLIED } from './document.ts'
import { merge } from './merge/load.ts'
import { composeFormat } from './print.ts'
import { dotenvFormat } from './render/dotenv.ts'
import type { Dotenv } from './render/dotenv-document.ts'
import { inheritedSpec } from './render/inherited-spec.ts'
import { registerDocument } from './render/mount.ts'
import { findReferencedServices, type ReferencedServices } from './render/referenced-services.ts'
import { RenderContext, withOrigin } from './render/render-context.ts'
import { secretFiles, secretFolders } from './render/secret-files.ts'
import { type RenderTarget, renderService } from './render/service.ts'
import { validateComposeOptions } from './render/validate-file-options.ts'
import type { SecretValue, ServiceValue } from './schema/author.gen.ts'
import { toSwarm } from './swarm/convert.ts'
import { definedFile } from './values/secret.ts'

/**
 * A compose file for `docker compose`, with the services, the networks, volumes, secrets, configs and
 * models that they use, the files that they mount, and `.env.example`.
 *
 * @param path relative to the project
 * @throws UserError for an invalid path, service or option, or when two values of one kind and name
 * differ
 * @example
 * export default stack('shop', [compose('compose.yaml', [app])])
 */
export function compose(
  path: string,
  services: readonly ServiceValue[],
  options: ComposeOptions = {},
): Source {
  return source(path, services, options, originOf(compose), 'compose', (file) => file)
}

/**
 * A stack file for `docker stack deploy`. Keys with an equivalent are rewritten: `restart` to
 * `deploy.restart_policy`, `tmpfs` to mounts, ports to the long form, bridge networks to overlay
 * networks, `build` to the name of its image. Keys that a swarm ignores or rejects are left out, each
 * with a diagnostic.
 *
 * @param path relative to the project
 * @throws UserError for an invalid path, service or option, or when two values of one kind and name
 * differ
 * @example
 * export default stack('shop', [swarm('docker-compose.swarm.yml', [app])])
 */
export function swarm(
  path: string,
  services: readonly ServiceValue[],
  options: ComposeOptions = {},
): Source {
  return source(path, services, options, originOf(swarm), 'swarm', toSwarm)
}

function source(
  path: string,
  services: readonly ServiceValue[],
  options: ComposeOptions,
  origin: Origin,
  dialect: 'compose' | 'swarm',
  // An argument, so that a bundle without stack files has no conversion.
  convert: typeof toSwarm,
): Source {
  validateComposeOptions({ path, services, options, dialect }, origin)
  validateFileName(path, origin)
  const frozen = Object.freeze([...services])
  let known: ReferencedServices | undefined
  const reached = () => {
    known ??= findReferencedServices(frozen)
    return known
  }
  return Object.freeze({
    *documents({ stack, read }: StackContext) {
      const usage = new RenderContext(path, dialect)
      // The name of a stack is an argument of `docker stack deploy`.
      const named = dialect === 'swarm' ? options : { name: projectName(path, stack), ...options }
      const target: RenderTarget = {
        dialect,
        jobs: reached().jobs,
        ...(read && { read }),
        ...(dialect === 'swarm' && { stack }),
      }
      const file = withoutCycles(path, () => composeFile(reached(), usage, named, target))
      const data = convert(file, authoredIn(reached()))
      yield { path, format: composeFormat, data }
      yield* besides(usage, secretFolders(reached().services.values(), path))
    },
    secrets: () => secretFiles(reached().services.values(), path),
  })
}

/** @throws UserError for the name of an override file, which Compose merges into the file beside it */
export function validateFileName(path: string, origin: Origin): void {
  if (!/^(?:docker-)?compose\.override\.ya?ml$/.test(posix.basename(path))) return
  const base = posix.basename(path).replace('.override', '')
  throw new UserError({
    message: `${path} is an override file: Compose merges it into ${base}, so its name and defaults would replace those of ${base}`,
    hint: `Write overlay('${path}', base, [patch(app, { … })]) with the keys that change.`,
    origin,
  })
}

/** The documents beside a file: mounted files, `.env.example`, and a `.gitignore` in each folder of secrets. */
export function* besides(usage: RenderContext, folders: ReadonlySet<string>): Iterable<Document> {
  yield* usage.documents
  if (usage.variables.length > 0) {
    const env: Dotenv = { variables: usage.variables }
    // Compose reads `.env` in the folder of the first file on its command line.
    const path = posix.join(posix.dirname(usage.root), '.env.example')
    yield { path, format: dotenvFormat, data: env } as Document
  }
  for (const folder of folders) {
    yield textFile(posix.join(folder, '.gitignore'), '*\n!.gitignore\n', { comment: '#' })
  }
}

/** Data under `x-` may contain itself, which ends in a stack overflow. */
export function withoutCycles<Result>(path: string, make: () => Result): Result {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new UserError({
      message: `${path} has a circular reference, or is nested thousands of levels deep`,
      hint: 'Remove the circular reference.',
    })
  }
}

/** Whether the author wrote a key of a service; the others are defaults. */
function authoredIn({ services }: ReferencedServices): (service: string, key: string) => boolean {
  return (name, key) => {
    const service = services.get(name)
    return service !== undefined && key in inheritedSpec(service)
  }
}

/** The project name of a file. */
export function projectName(path: string, stack: string): string {
  const variant = /^(?:docker-)?compose\.(.+)\.ya?ml$/.exec(posix.basename(path))?.[1]
  return variant === undefined
    ? stack
    : `${stack}-${variant.toLowerCase().replaceAll(/[^a-z0-9_-]+/g, '-')}`
}

/** The document of a compose file; `usage` collects what else it needs. */
function composeFile(
  { services }: ReferencedServices,
  usage: RenderContext,
  options: ComposeOptions,
  target: RenderTarget,
): ComposeFile {
  const { target: versions, ...written } = options
  const head = usage.renderFields(written)
  const nodes: Record<string, Service> = {}
  for (const value of services.values()) {
    nodes[value.name] = renderService(value, usage, target)
  }
  usage.consumer = ''
  const file: ComposeFile = {
    ...head,
    services: nodes,
    ...definitions(usage),
    [DIALECT]: {
      name: target.dialect,
      changes: [],
      ...(versions && { target: versions }),
      ...(target.stack !== undefined && { stack: target.stack }),
    },
  }
  const isExtending = Object.values(nodes).some((node) => node.extends !== undefined)
  return isExtending ? merge().withExtended(file, usage.root, target) : file
}

/** What the services of a file use, section by section. */
export function definitions(usage: RenderContext): Omit<ComposeFile, 'services'> {
  return {
    ...section('models', usage.models, (value) => usage.renderFields(value.spec)),
    ...section('networks', usage.networks, (value) => usage.renderFields(value.spec)),
    ...section('volumes', usage.volumes, (value) => usage.renderFields(value.spec)),
    ...section('secrets', usage.secrets, (value) => renderSecret(value, usage)),
    ...section('configs', usage.configs, ({ spec: { document, ...spec } }) => ({
      ...usage.renderFields(spec),
      ...(document && { file: registerDocument(document, usage) }),
    })),
  }
}

/** The definitions of one section, by name. */
function section<
  Value extends { readonly name: string; readonly [ORIGIN]?: ServiceValue[typeof ORIGIN] },
>(key: string, values: ReadonlyMap<string, Value>, render: (value: Value) => object): object {
  if (values.size === 0) return {}
  const nodes: Record<string, object> = {}
  for (const value of [...values.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const node = render(value)
    nodes[value.name] = withOrigin(node, value[ORIGIN])
  }
  return { [key]: nodes }
}

function renderSecret(value: SecretValue, usage: RenderContext): object {
  const { make, file: _, atRest: __, ...spec } = value.spec
  const file = definedFile(value)
  return {
    ...usage.renderFields(spec),
    ...(file !== undefined && { file: usage.render(file) }),
    ...(make === 'operator' && { [SUPPLIED]: true }),
  }
}
