import { posix } from 'node:path'
import {
  arg,
  cmd,
  comment,
  copy,
  entrypoint,
  env,
  expose,
  healthcheck,
  type Instruction,
  label,
  mount,
  ref,
  run,
  type Stage,
  stage,
  stopsignal,
  user,
  workdir,
} from '@erlmcp/dockerfile'
import type { ResolvedOptions } from '../options.ts'
import { distributionPort, homeOf } from '../scripts/common.ts'
import { debugTools, httpClient, install, validateVersions } from './packages.ts'
import { addUser, finishRelease, verifyRuntime } from './steps.ts'

/** The uid and gid of the release, in every stage that runs as it. */
export const uid = 1000

export type ImageStage = 'builder' | 'debug' | 'runtime' | 'tools'

/** The modification time of the files of the release. */
export const epoch = Object.freeze({
  SOURCE_DATE_EPOCH: Object.freeze({
    default: '0',
    description: 'Seconds since 1970 that the files of the release are dated with.',
  }),
})

/** The labels about the build of the runtime image. */
export const provenance = Object.freeze({
  REVISION: Object.freeze({
    default: 'unknown',
    description: 'The commit that it was built from: `git rev-parse HEAD`.',
  }),
  CREATED: Object.freeze({
    default: '1970-01-01T00:00:00Z',
    description: 'When it was built (RFC 3339): `date -u +%FT%TZ`.',
  }),
})

export interface ImageStages {
  readonly builder: Stage
  readonly tools: Stage
  readonly debug: Stage
  readonly runtime: Stage
}

/** The stages, from the one that changes least often. */
export function stagesOf(options: ResolvedOptions): ImageStages {
  const { flavour, packages } = options
  const sets = {
    build: packages.build ?? [],
    runtime: [...httpClient[flavour], ...options.bases.libraries, ...(packages.runtime ?? [])],
    debug: [...debugTools[flavour], ...httpClient[flavour], ...(packages.debug ?? [])],
  }
  const tools = [...new Set([...sets.debug, ...sets.build])]
  validateVersions(packages.versions ?? {}, Object.values(sets).flat())
  const builder = builderStage(options, dependencyStage(options, sets.build))
  const toolbox = toolsStage(options, tools)
  return {
    builder,
    tools: toolbox,
    debug: debugStage(options, toolbox, builder),
    runtime: runtimeStage(options, sets.runtime, builder),
  }
}

const rebarCache = () => mount.cache('/root/.cache/rebar3', { sharing: 'locked' })

function dependencyStage(options: ResolvedOptions, packages: readonly string[]): Stage {
  const { flavour, bases, dependencyFiles } = options
  return stage(
    'dependencies',
    bases.builder as `${string}@sha256:${string}`,
    [
      ...(packages.length > 0 ? [install(flavour, packages, options.packages.versions ?? {})] : []),
      env({ ERL_COMPILER_OPTIONS: 'deterministic', LANG: 'C.UTF-8' }),
      workdir('/build'),
      ...copyByFolder(dependencyFiles.filter((path) => !path.endsWith('/'))),
      ...dependencyFiles.filter((path) => path.endsWith('/')).map((path) => copy([path], path)),
      run('rebar3 as prod compile --deps_only', { mounts: [rebarCache()] }),
    ],
    { comment: 'Dependencies alone: compiled again only when they change.' },
  )
}

/** Copies each file to its folder: an application of an umbrella project may have a rebar.config. */
function copyByFolder(files: readonly string[]): Instruction[] {
  const folders = new Map<string, string[]>()
  for (const file of files) {
    const folder = `${posix.dirname(file)}/`
    folders.set(folder, [...(folders.get(folder) ?? []), file])
  }
  return [...folders].map(([folder, inside]) => copy(inside, folder))
}

function builderStage(options: ResolvedOptions, dependencies: Stage): Stage {
  const { release, sources, distribution, paths } = options
  const configs = [
    paths.vmArgs,
    paths.sysConfig,
    ...(distribution === 'tls' ? [paths.sslDist] : []),
  ]
  return stage(
    'builder',
    dependencies,
    [
      copy(configs, `${paths.config}/`),
      ...sources.map((path) => copy([path], path.replace(/^\.\//, ''))),
      run(`rebar3 as prod release -n ${release}`, { mounts: [rebarCache()] }),
      comment(
        epoch.SOURCE_DATE_EPOCH.description,
        arg('SOURCE_DATE_EPOCH', epoch.SOURCE_DATE_EPOCH.default),
      ),
      run(finishRelease(options, configs)),
    ],
    { comment: `The release ${release}, the same bytes from the same sources.` },
  )
}

/** The release and its scripts, owned by root so that the program cannot change them. */
function copyRelease({ release, paths }: ResolvedOptions, builder: Stage): Instruction[] {
  const home = homeOf(release)
  return [
    copy([`/build/_build/prod/rel/${release}`], home, { from: builder, chown: '0:0' }),
    copy([paths.scripts], `${home}/bin/`, { chown: '0:0', chmod: '0555' }),
  ]
}

function toolsStage(options: ResolvedOptions, packages: readonly string[]): Stage {
  const { release, flavour } = options
  const home = `/home/${release}`
  return stage(
    'tools',
    options.bases.builder as `${string}@sha256:${string}`,
    [
      install(flavour, packages, options.packages.versions ?? {}),
      run(addUser(release, home, toolFolders(home))),
      env({ HOME: home, LANG: 'C.UTF-8', ERL_DIST_PORT: String(distributionPort) }),
      workdir('/workspace'),
      user(`${uid}:${uid}`),
      cmd([flavour === 'debian' ? 'bash' : '/bin/bash']),
    ],
    { comment: 'Tools, erl and rebar3; nothing of the project, whose sources are mounted.' },
  )
}

/** A new volume takes the owner of the folder that it covers, so each mount point exists. */
function toolFolders(home: string): string[] {
  const own = ['.cache', '.cache/rebar3', 'build', 'plt'].map((folder) => `${home}/${folder}`)
  const gates = ['build', 'cache', 'evidence'].map((folder) => `/var/lib/gates/${folder}`)
  return [home, ...own, ...gates, '/workspace']
}

function debugStage(options: ResolvedOptions, tools: Stage, builder: Stage): Stage {
  return stage('debug', tools, copyRelease(options, builder), {
    comment: 'The release with the tools; mount the sources on /workspace.',
  })
}

function runtimeStage(
  options: ResolvedOptions,
  packages: readonly string[],
  builder: Stage,
): Stage {
  const { release, flavour, ports } = options
  const home = homeOf(release)
  return stage(
    'runtime',
    options.bases.runtime as `${string}@sha256:${string}`,
    [
      install(flavour, packages, options.packages.versions ?? {}, [
        // CIS Docker 4.8: no program needs to switch the user.
        'find / -xdev -type f -perm /6000 -exec chmod a-s {} +',
      ]),
      run(addUser(release, '/tmp', [])),
      env({ LANG: 'C.UTF-8', ERL_DIST_PORT: String(distributionPort) }),
      ...copyRelease(options, builder),
      run(verifyRuntime(options), {
        network: 'none',
        mounts: [
          mount.tmpfs('/tmp'),
          mount.bind('/mnt/builder-os-release', { from: builder, source: '/usr/lib/os-release' }),
        ],
      }),
      workdir(home as `/${string}`),
      user(`${uid}:${uid}`),
      expose(...ports),
      stopsignal('SIGTERM'),
      healthcheck([`${home}/bin/health`], {
        interval: '15s',
        timeout: '10s',
        'start-period': '45s',
        'start-interval': '1s',
        retries: 3,
      }),
      entrypoint([`${home}/bin/start`]),
      ...labels(options),
    ],
    { comment: `${release} ${options.version}: what runs.` },
  )
}

/** Labels that change with every build come last, so that earlier layers stay cached. */
function labels({ release, version, labels: own }: ResolvedOptions): Instruction[] {
  const oci = (name: string) => `org.opencontainers.image.${name}`
  const fixed = { title: release, version, ...own }
  return [
    label(Object.fromEntries(Object.entries(fixed).map(([name, value]) => [oci(name), value]))),
    arg('REVISION', provenance.REVISION.default),
    arg('CREATED', provenance.CREATED.default),
    label({ [oci('revision')]: ref('REVISION'), [oci('created')]: ref('CREATED') }),
  ]
}
