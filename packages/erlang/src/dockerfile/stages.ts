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
import type { Settled } from '../options.ts'
import { distributionPort, homeOf } from '../scripts/common.ts'
import { checkVersions, debugTools, httpClient, install } from './packages.ts'
import { addUser, finishRelease, verifyRuntime } from './steps.ts'

/** The uid and gid of the release, in every stage that runs as it. */
export const uid = 1000

export type Target = 'builder' | 'debug' | 'runtime' | 'tools'

/** What the files of the release are dated with, in every image that has them. */
export const epoch = Object.freeze({
  SOURCE_DATE_EPOCH: Object.freeze({
    default: '0',
    description: 'Seconds since 1970 that the files of the release are dated with.',
  }),
})

/** What the labels of the runtime image say about its making. */
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

/** The stages, from the one that changes least. */
export function stagesOf(options: Settled): ImageStages {
  const { flavour, packages } = options
  const sets = {
    build: packages.build ?? [],
    runtime: [...httpClient[flavour], ...options.bases.libraries, ...(packages.runtime ?? [])],
    debug: [...debugTools[flavour], ...httpClient[flavour], ...(packages.debug ?? [])],
  }
  const tools = [...new Set([...sets.debug, ...sets.build])]
  checkVersions(packages.versions ?? {}, Object.values(sets).flat())
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

function dependencyStage(options: Settled, packages: readonly string[]): Stage {
  const { flavour, bases, dependencyFiles } = options
  return stage(
    'dependencies',
    bases.builder as `${string}@sha256:${string}`,
    [
      ...(packages.length > 0 ? [install(flavour, packages, options.packages.versions ?? {})] : []),
      env({ ERL_COMPILER_OPTIONS: 'deterministic', LANG: 'C.UTF-8' }),
      workdir('/build'),
      ...byFolder(dependencyFiles.filter((path) => !path.endsWith('/'))),
      ...dependencyFiles.filter((path) => path.endsWith('/')).map((path) => copy([path], path)),
      run('rebar3 as prod compile --deps_only', { mounts: [rebarCache()] }),
    ],
    { comment: 'Dependencies alone: compiled again only when they change.' },
  )
}

/** Each file at its own place: an application of an umbrella may have a rebar.config too. */
function byFolder(files: readonly string[]): Instruction[] {
  const folders = new Map<string, string[]>()
  for (const file of files) {
    const folder = `${posix.dirname(file)}/`
    folders.set(folder, [...(folders.get(folder) ?? []), file])
  }
  return [...folders].map(([folder, inside]) => copy(inside, folder))
}

function builderStage(options: Settled, dependencies: Stage): Stage {
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

/** The release and its scripts: owned by root, so that the program cannot change itself. */
function releaseOf({ release, paths }: Settled, builder: Stage): Instruction[] {
  const home = homeOf(release)
  return [
    copy([`/build/_build/prod/rel/${release}`], home, { from: builder, chown: '0:0' }),
    copy([paths.scripts], `${home}/bin/`, { chown: '0:0', chmod: '0555' }),
  ]
}

function toolsStage(options: Settled, packages: readonly string[]): Stage {
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

/** A volume takes its owner from the folder that it covers, so each that may be one exists. */
function toolFolders(home: string): string[] {
  const own = ['.cache', '.cache/rebar3', 'build', 'plt'].map((folder) => `${home}/${folder}`)
  const gates = ['build', 'cache', 'evidence'].map((folder) => `/var/lib/gates/${folder}`)
  return [home, ...own, ...gates, '/workspace']
}

function debugStage(options: Settled, tools: Stage, builder: Stage): Stage {
  return stage('debug', tools, releaseOf(options, builder), {
    comment: 'The release with the tools; mount the sources on /workspace.',
  })
}

function runtimeStage(options: Settled, packages: readonly string[], builder: Stage): Stage {
  const { release, flavour, ports } = options
  const home = homeOf(release)
  return stage(
    'runtime',
    options.bases.runtime as `${string}@sha256:${string}`,
    [
      install(flavour, packages, options.packages.versions ?? {}, [
        // CIS Docker 4.8: nothing here needs to become another user.
        'find / -xdev -type f -perm /6000 -exec chmod a-s {} +',
      ]),
      run(addUser(release, '/tmp', [])),
      env({ LANG: 'C.UTF-8', ERL_DIST_PORT: String(distributionPort) }),
      ...releaseOf(options, builder),
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

/** What changes with every build stands last, where it makes nothing before it new. */
function labels({ release, version, labels: given }: Settled): Instruction[] {
  const oci = (name: string) => `org.opencontainers.image.${name}`
  const fixed = { title: release, version, ...given }
  return [
    label(Object.fromEntries(Object.entries(fixed).map(([name, value]) => [oci(name), value]))),
    arg('REVISION', provenance.REVISION.default),
    arg('CREATED', provenance.CREATED.default),
    label({ [oci('revision')]: ref('REVISION'), [oci('created')]: ref('CREATED') }),
  ]
}
