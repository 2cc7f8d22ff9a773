import { posix } from 'node:path'
import {
  type BuiltImage,
  type Document,
  ORIGIN,
  type Origin,
  type Originated,
  originOf,
  type Source,
  textFile,
  UserError,
} from '@erlmcp/core'
import { dockerfile } from '@erlmcp/dockerfile'
import type { OsVariable } from './config/os-variable.ts'
import { sslDistConf } from './config/ssl-dist.ts'
import { printSysConfig } from './config/sys-config.ts'
import type { Term } from './config/term.ts'
import { printVmArgs } from './config/vm-args.ts'
import { defaultPorts, threadsOf } from './emulator-threads.ts'
import { basesOf } from './image/bases.ts'
import { dockerignore } from './image/dockerignore.ts'
import { epoch, type ImageStage, provenance, stagesOf, uid } from './image/stages.ts'
import { dataDirectories } from './image/steps.ts'
import { imagePaths } from './image-paths.ts'
import type { ErlangImageOptions, ResolvedOptions, StatedOptions } from './options.ts'
import { withProject } from './project-options.ts'
import { prefix, type ScriptOptions } from './scripts/common.ts'
import { ctlScript } from './scripts/ctl.ts'
import { healthScript } from './scripts/health.ts'
import { startScript } from './scripts/start.ts'
import { validateImageOptions } from './validate-options.ts'

/** The files of an Erlang image, and its images for `build` of a service. */
export interface ErlangImage extends Source, Originated {
  /** The image for production: the last stage, the default target. */
  readonly runtime: BuiltImage
  /**
   * Tools, a shell, erl and rebar3, without the release, so that it builds before anything compiles.
   * Mount the sources on /workspace.
   */
  readonly tools: BuiltImage
  /** The release with those tools. */
  readonly debug: BuiltImage
  /** The stage that compiles the release, with the sources in /build; for tests and gates. */
  readonly builder: BuiltImage
  documents(): Iterable<Document>
}

/**
 * An image of an Erlang/OTP release: Dockerfile, .dockerignore, vm.args, sys.config and the scripts
 * start, health and ctl in `docker/bin`.
 *
 * What the options do not state is read from the project: a rebar.config with a relx release, whose
 * profile `prod` has `{mode, prod}` and `{extended_start_script, true}`, and a rebar.lock.
 *
 * The container runs as 1000:1000 and may have a read-only root with a tmpfs on /tmp. It reads the
 * cookie from the secret `erlang-cookie`, and exits with 78 and a message when it cannot start.
 *
 * `docker compose build` reads SOURCE_DATE_EPOCH, REVISION and CREATED from the environment; without
 * them two builds are identical.
 *
 * @throws UserError with every unknown and invalid option, for one that contradicts the project, or
 *   for an OTP release whose system is unknown
 * @example
 * const image = erlangImage({ otp: '28.3.1', vmArgs: { '+P': 262144 } })
 * const app = service('erlmcp', { build: image.runtime })
 */
export function erlangImage(options: ErlangImageOptions = {}): ErlangImage {
  const origin = originOf(erlangImage)
  try {
    return createImage(options, origin)
  } catch (error) {
    if (error instanceof RangeError) {
      const message = 'erlangImage: a term contains itself'
      throw new UserError({ message, hint: 'Remove the circular reference.', origin })
    }
    if (!(error instanceof UserError) || error.location) throw error
    throw new UserError({ message: error.summary, hint: error.hint, origin })
  }
}

function createImage(given: ErlangImageOptions, origin: Origin): ErlangImage {
  const options = withProject(given, origin)
  validateImageOptions(options, origin)
  const { release, version, otp, flavour = 'debian', distribution = 'local', health = {} } = options
  const healthPort = health.port ?? 9090
  const paths = imagePaths(options.folder)
  const resolved: ResolvedOptions = {
    paths,
    release,
    version,
    flavour,
    distribution,
    bases: basesOf(otp, flavour, options.bases, options.digests, origin),
    dependencyFiles: options.dependencyFiles ?? ['rebar.config', 'rebar.lock'],
    sources: options.sources ?? ['apps'],
    packages: options.packages ?? {},
    ports: options.ports ?? [8080, healthPort],
    labels: options.labels ?? {},
  }
  const { sysConfig = {} } = options
  // The emulator's own default is a port for each file that it may open, a billion on some engines.
  const vmArgs = { '+Q': defaultPorts, ...withoutUndefined(options.vmArgs ?? {}) }
  const threads = threadsOf(vmArgs)
  const scripts: ScriptOptions = {
    release,
    version,
    distribution,
    schedulers: !schedulerFlags.some((flag) => flag in vmArgs),
    threads,
    name: vmArgs['-name'] ?? vmArgs['-sname'],
    variables: variablesIn([
      ...Object.values(vmArgs['-kernel'] ?? {}),
      ...Object.values(sysConfig).flatMap((parameters) => Object.values(parameters)),
    ]),
    health: {
      variable: `${prefix(release)}HEALTH_PORT`,
      port: healthPort,
      levels: {
        live: health.live ?? '/health/live',
        ready: health.ready ?? '/health/ready',
        cluster: health.cluster ?? '/health/cluster',
      },
    },
  }
  const stages = stagesOf(resolved)
  const file = dockerfile(paths.dockerfile, stages.runtime, {
    targets: [stages.builder, stages.tools, stages.debug],
  })
  const executable = { comment: '#', mode: 0o755 } as const
  const node = {
    name: `\${${prefix(release)}NODE_NAME}`,
    lines: distributionLines[distribution],
  }
  const documents: readonly Document[] = [
    ...file.documents(),
    textFile(paths.ignore, dockerignore(allowed(resolved), resolved.sources.map(plain)), {
      comment: '#',
    }),
    textFile(paths.vmArgs, printVmArgs(vmArgs, node, origin), { comment: '#' }),
    textFile(paths.sysConfig, printSysConfig(sysConfig), { comment: '%%' }),
    textFile(`${paths.scripts}/start`, startScript(scripts), executable),
    textFile(`${paths.scripts}/health`, healthScript(scripts), executable),
    textFile(`${paths.scripts}/ctl`, ctlScript(scripts), executable),
    ...(distribution === 'tls' ? [textFile(paths.sslDist, sslDistConf(), { comment: '%%' })] : []),
  ]
  const built = builtImages(options, paths.dockerfile, threads, origin)
  return Object.freeze({ ...built, documents: () => documents, [ORIGIN]: origin })
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T
}

// The emulator rejects one of them without the others where it exceeds the schedulers.
const schedulerFlags = ['+S', '+SP', '+SDcpu', '+SDPcpu']

// The start script of relx reads these from the beginning of a line of vm.args to reach the node.
const distributionLines = {
  local: [
    '-start_epmd false',
    '-kernel inet_dist_use_interface {127,0,0,1}',
    // A value of sys.config would override the line above.
    '-kernel inet_dist_listen_options [{ip,{127,0,0,1}}]',
  ],
  tls: ['-proto_dist inet_tls', '-start_epmd false'],
} as const

function allowed({ dependencyFiles, sources, paths }: ResolvedOptions): string[] {
  const config = [paths.vmArgs, paths.sysConfig, paths.sslDist]
  return [...dependencyFiles, ...sources, ...config, paths.scripts].map(plain)
}

/** A path as ignore files contain it. */
function plain(path: string): string {
  return posix.normalize(path).replace(/^\/+|\/+$/g, '')
}

// The start script of a node with TLS reads these.
const nodeSecrets = Object.freeze(['erlang-cookie', 'dist-ca', 'dist-cert', 'dist-key'])

function builtImages(
  options: StatedOptions,
  file: string,
  emulator: NonNullable<BuiltImage['emulator']>,
  origin: Origin,
) {
  // A tag cannot contain the + of versions of git tags.
  const image =
    options.image ?? `${options.release.toLowerCase()}:${options.version.replaceAll('+', '_')}`
  const make = (target: ImageStage, user: string, writable: readonly string[]): BuiltImage =>
    Object.freeze({
      image: target === 'runtime' ? image : `${image}-${target}`,
      build: Object.freeze({
        context: '.',
        dockerfile: file,
        target,
        args: Object.freeze(target === 'runtime' ? { ...epoch, ...provenance } : epoch),
      }),
      user,
      writable: Object.freeze(writable),
      ...(target === 'runtime' && {
        state: dataDirectories(options.release)[0],
        emulator,
      }),
      ...(options.distribution === 'tls' &&
        target === 'runtime' && { requiredSecrets: nodeSecrets }),
      [ORIGIN]: origin,
    })
  const writable = ['/tmp', ...dataDirectories(options.release)]
  const work = [...writable, `/home/${options.release}`, '/workspace']
  return {
    runtime: make('runtime', `${uid}:${uid}`, writable),
    tools: make('tools', `${uid}:${uid}`, work),
    debug: make('debug', `${uid}:${uid}`, work),
    builder: make('builder', '0:0', ['/build', '/tmp', '/root']),
  }
}

/** The distinct variables in the terms. */
function variablesIn(terms: readonly Term[]): OsVariable[] {
  const found = new Map<string, OsVariable>()
  const visit = (term: Term): void => {
    // The printer rejects values that are not terms.
    if (typeof term !== 'object' || term === null) return
    if (Array.isArray(term)) term.forEach(visit)
    if (!('term' in term)) return
    if ('elements' in term) term.elements.forEach(visit)
    if (term.term === 'improper list') visit(term.tail)
    if (term.term === 'map') term.pairs.flat().forEach(visit)
    if (term.term !== 'os variable') return
    const known = found.get(term.name)
    if (known && (known.kind !== term.kind || known.default !== term.default)) {
      throw new UserError({
        message: `variable ${term.name} has two different kinds or defaults`,
        hint: 'Create it once with osVariable, and use that value in both places.',
      })
    }
    found.set(term.name, term)
  }
  terms.forEach(visit)
  return [...found.values()]
}
