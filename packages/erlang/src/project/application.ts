import { posix } from 'node:path'
import type { Location } from '@erlmcp/core'
import { foldersLike, type ProjectFolder } from './folder.ts'
import { parseTerms, type TermNode } from './parse-terms.ts'
import { elementsOf, findValue, keyOf, nameOf, namesIn, placeOf, textOf } from './term-access.ts'
import { type Version, versionOf } from './version.ts'

/** An application of the project: a folder with an `.app.src`. */
export interface Application {
  readonly name: string
  /** Its folder: `.` for the root, or such as `apps/web`. */
  readonly folder: string
  readonly version?: Version
  /** What must run before it, of OTP, of the project and of its dependencies. */
  readonly applications: readonly string[]
  readonly included: readonly string[]
  readonly optional: readonly string[]
  /** Whether it has a module that starts it; else it is a library. */
  readonly starts: boolean
  readonly location: Location
}

/** The folders in which rebar3 looks for applications. */
const defaultFolders = ['apps/*', 'lib/*', '.']

/**
 * The applications of a project by their `.app.src`, in `apps/*`, `lib/*`, the root or the
 * `project_app_dirs` of rebar.config.
 */
export function readApplications(
  folder: ProjectFolder,
  config: readonly TermNode[],
): readonly Application[] {
  const stated = elementsOf(findValue(config, 'project_app_dirs')).flatMap(
    (node) => textOf(node) ?? [],
  )
  const patterns = stated.length > 0 ? stated : defaultFolders
  const sources = sourceFolders(config)
  const paths = new Set(patterns.flatMap((pattern) => foldersLike(folder, pattern)))
  return [...paths].flatMap((path) =>
    sources
      .flatMap((source) => appFiles(folder, posix.join(path, source)))
      .flatMap((file) => readApplication(folder, file, path) ?? []),
  )
}

function sourceFolders(config: readonly TermNode[]): readonly string[] {
  const stated = elementsOf(findValue(config, 'src_dirs')).map((node) =>
    textOf(node.items[0] ?? node),
  )
  const paths = stated.filter((path) => path !== undefined)
  return paths.length > 0 ? paths : ['src']
}

function appFiles(folder: ProjectFolder, path: string): string[] {
  const names = folder.list(path).filter((name) => name.endsWith('.app.src'))
  return names.map((name) => posix.join(path, name))
}

function readApplication(
  folder: ProjectFolder,
  file: string,
  path: string,
): Application | undefined {
  const [node] = parseTerms(folder.read(file) ?? '', file)
  const name = node && keyOf(node) === 'application' ? nameOf(node.items[1]) : undefined
  if (!node || name === undefined) return undefined
  const keys = elementsOf(node.items[2])
  const version = findValue(keys, 'vsn')
  return {
    name,
    folder: path,
    ...(version && { version: versionOf(version, folder, path) }),
    applications: namesIn(findValue(keys, 'applications')),
    included: namesIn(findValue(keys, 'included_applications')),
    optional: namesIn(findValue(keys, 'optional_applications')),
    starts: findValue(keys, 'mod') !== undefined,
    location: placeOf(node),
  }
}
