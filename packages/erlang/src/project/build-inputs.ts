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
  ].filter((path) => existsIn(folder, path))
  // Whether these exist may differ between two machines: a Makefile may create them.
  const stated = [
    ...applications.flatMap(({ version }) => version?.path ?? []),
    ...project.releases.flatMap(({ statedFiles }) => statedFiles),
    ...wholeFolders(project.releases.flatMap(releaseSources)),
  ]
  const all = [...new Set([...found, ...stated].map((path) => posix.normalize(path)))]
  const sources = all.filter((path) => isPlain(path) && !dependencyFiles.includes(path))
  const isInside = (path: string) => sources.some((other) => path.startsWith(`${other}/`))
  return { dependencyFiles, sources: sources.filter((path) => !isInside(path)) }
}

/** The folder in place of several files of one folder, of which an overlay may name hundreds. */
function wholeFolders(files: readonly string[]): string[] {
  const paths = [...new Set(files.map((path) => posix.normalize(path)))]
  const isShared = (folder: string) =>
    folder !== '.' && paths.filter((path) => posix.dirname(path) === folder).length > 1
  return paths.map((path) => (isShared(posix.dirname(path)) ? posix.dirname(path) : path))
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
    // Up to a wildcard, or a variable of a template.
    .map(({ paths }) => paths[0]?.replace(/\/?[^/]*(?:[*?[]|\{\{).*/, ''))
  const paths = [version.path, ...copied, ...overlayVars].filter((path) => path !== undefined)
  return paths.filter((path) => posix.normalize(path).split('/')[0] !== '_build')
}

/** A path inside the project that a Dockerfile can name. */
function isPlain(path: string): boolean {
  return /^(?!\.\.?(?:\/|$))[A-Za-z0-9_.][A-Za-z0-9_./@-]*$/.test(path)
}
