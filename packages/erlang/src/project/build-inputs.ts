import { posix } from 'node:path'
import type { Application } from './application.ts'
import { existsIn, type ProjectFolder } from './folder.ts'
import type { Release } from './release.ts'

/** What the build of a release needs of its project. Paths are relative to its root. */
export interface BuildInputs {
  /** Files and folders that determine the dependencies; a folder ends with a slash. */
  readonly dependencyFiles: readonly string[]
  /** Files and folders that the release is compiled from. */
  readonly sources: readonly string[]
}

interface Inputs {
  readonly applications: readonly Application[]
  readonly releases: readonly Release[]
  readonly extraSources: readonly string[]
  readonly checkouts: readonly string[]
  readonly scripts: readonly string[]
}

/** What rebar3 reads for its dependencies, and for all releases of a project. */
export function buildInputs(project: Inputs, folder: ProjectFolder): BuildInputs {
  const { applications, checkouts, scripts } = project
  const configs = applications.map((one) => posix.join(one.folder, 'rebar.config'))
  const dependencyFiles = [
    'rebar.config',
    'rebar.lock',
    ...scripts.filter((file) => !file.includes('/')),
    ...configs.filter((file) => file.includes('/') && existsIn(folder, file)),
    ...(checkouts.length > 0 ? ['_checkouts/'] : []),
  ]
  const found = [
    ...applications.flatMap((one) => applicationSources(one.folder)),
    ...project.extraSources,
    ...applications.flatMap(({ version }) => version?.path ?? []),
    ...project.releases.flatMap(releaseSources),
  ].filter((path) => existsIn(folder, path))
  const stated = project.releases.flatMap(({ statedFiles }) => statedFiles)
  const all = [...new Set([...found, ...stated].map((path) => posix.normalize(path)))]
  const present = all.filter((path) => isPlain(path) && !dependencyFiles.includes(path))
  const isInside = (path: string) => present.some((other) => path.startsWith(`${other}/`))
  return { dependencyFiles, sources: present.filter((path) => !isInside(path)) }
}

/** The folder of the applications, or the folders of the application at the root. */
function applicationSources(folder: string): string[] {
  if (folder === '.') return ['src', 'include', 'priv', 'c_src']
  const parent = posix.dirname(folder)
  return [parent === '.' ? folder : parent]
}

/** What relx copies, and the variables of its templates. */
function releaseSources({ overlays, overlayVars, version }: Release): string[] {
  const copied = overlays
    .filter(({ kind }) => kind === 'copy' || kind === 'template')
    .map(({ paths }) => paths[0])
  return [version.path, ...copied, ...overlayVars].filter((path) => path !== undefined)
}

/** A path inside the project, without variables of templates and wildcards. */
function isPlain(path: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_./@-]*$/.test(path)
}
