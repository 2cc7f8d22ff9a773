import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, posix, resolve } from 'node:path'
import {
  check,
  compareDiagnostics,
  type Diagnostic,
  type Document,
  type Location,
  type Rule,
  readRegularFile,
} from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'
import { runsIn } from './commands.ts'
import {
  type FileKind,
  type HostPath,
  hostPaths,
  interpreterOf,
  kindByContent,
  namedPaths,
} from './files.ts'
import { hostFileFormat } from './format.ts'
import type { HostCommand, HostFile } from './host-file.ts'
import { keyedTexts, packageTexts } from './keyed-texts.ts'
import { lineTexts } from './line-texts.ts'
import { makefileTexts } from './makefile.ts'
import { placeFinder, wholeText } from './mapped-text.ts'
import type { FoundCommand, Reference } from './shell-input.ts'
import { type ShellTexts, workflowTexts } from './workflow.ts'

export interface ScanOptions {
  /** Files and folders, relative to the root. Default: the root. */
  readonly paths?: readonly string[]
}

export interface Scan {
  readonly diagnostics: readonly Diagnostic[]
  readonly rules: readonly Rule[]
  /** How many files were read. */
  readonly files: number
}

/**
 * Looks for commands that run Erlang on the host, in workflows, composite actions, Makefiles,
 * shell scripts and the scripts of `package.json`. Files that are read within a container, such
 * as a Dockerfile or `rebar.config`, are no concern of it.
 *
 * @throws UserError for a path that is not there or cannot be scanned
 * @example
 * const { diagnostics } = scan('.', constitution())
 */
export function scan(root: string, map: Constitution, { paths }: ScanOptions = {}): Scan {
  const format = hostFileFormat(map)
  const named = paths?.length ? paths.flatMap((name) => namedPaths(root, name)) : hostPaths(root)
  const seen = new Map(named.map((one) => [one.path, one]))
  const diagnostics: Diagnostic[] = []
  // The map grows while it is walked: what a file hands to a shell is read too.
  for (const one of seen.values()) {
    const { document, references } = read(root, one, format, map)
    diagnostics.push(...check(document))
    for (const reference of references) {
      for (const path of pathsOf(root, one.path, reference)) {
        const kind = reference.kind === 'makefile' ? 'makefile' : kindByContent(root, path)
        if (kind && !seen.has(path)) seen.set(path, { path, kind })
      }
    }
  }
  return {
    diagnostics: diagnostics.sort(compareDiagnostics),
    rules: format.rules as Rule[],
    files: seen.size,
  }
}

const readers: Record<FileKind, (source: string, path: string) => ShellTexts> = {
  workflow: workflowTexts,
  makefile: (source) => makefileTexts(wholeText(source)),
  package: packageTexts,
  keyed: keyedTexts,
  list: lineTexts,
  script: (source) => ({ texts: [wholeText(source)] }),
}

function read(
  root: string,
  { path, kind }: HostPath,
  format: Document<HostFile>['format'],
  map: Constitution,
): { document: Document<HostFile>; references: readonly Reference[] } {
  const source = readRegularFile(join(root, path), path) ?? ''
  const { texts, unreadable, includes = [] } = readers[kind](source, path)
  const runs = texts.map((text) => runsIn(text))
  const references = [
    ...runs.flatMap((one) => one.references),
    ...includes.map((one) => ({ ...one, kind: 'makefile' as const })),
  ]
  const commands = [
    ...runs.flatMap((one) => one.commands),
    ...references.flatMap((one) => interpreted(root, path, one, map)),
  ]
  const data: HostFile = {
    commands: withPlaces(source, commands),
    erlang: isErlang(root, path),
    ...(unreadable !== undefined && { unreadable }),
  }
  const locate = ([, index]: readonly (string | number)[]): Location => {
    const place = data.commands[Number(index)]?.place ?? { line: 1, column: 1 }
    return { file: path, ...place }
  }
  return { document: { path, format, data, locate }, references }
}

/** The files that are meant: beside the file that names them, or below the root. */
function pathsOf(root: string, from: string, { name, kind }: Reference): string[] {
  const folders = isAbsolute(name) ? [] : [dirname(from), '.']
  const [path] = folders
    .map((folder) => posix.normalize(posix.join(folder, name)))
    .filter((one) => !one.startsWith('..') && !/(?:^|\/)node_modules\//.test(one))
    .filter((one) => existsSync(join(root, one)))
  if (path === undefined) return []
  if (!statSync(join(root, path)).isDirectory()) return [path]
  if (kind !== 'hooks') return []
  return readdirSync(join(root, path)).map((one) => posix.join(path, one))
}

/** A file that is run, and whose first line names a program of the map. */
function interpreted(
  root: string,
  from: string,
  reference: Reference,
  map: Constitution,
): FoundCommand[] {
  if (reference.kind !== 'script' || reference.name.endsWith('.escript')) return []
  return pathsOf(root, from, reference).flatMap((path) => {
    const program = interpreterOf(root, path)
    if (program === undefined || !map.rows.some(({ host }) => host[0] === program)) return []
    const words = [program, reference.name].map((value) => ({
      value,
      text: value,
      known: true,
      start: 0,
      end: 0,
    }))
    return [{ words, offset: reference.offset }]
  })
}

function withPlaces(source: string, found: readonly FoundCommand[]): HostCommand[] {
  const place = placeFinder(source)
  const lines = source.split('\n')
  const whole = lines.map((line) => reasonIn(line, 'allow-file')).find((one) => one !== undefined)
  return found.map(({ words, offset }) => {
    const { line, column } = place(offset)
    const beside = reasonIn(lines[line - 1]!, 'allow')
    const above = /^\s*(?:#|\/\/)/.test(lines[line - 2] ?? '')
      ? reasonIn(lines[line - 2]!, 'allow')
      : undefined
    const allowed = beside ?? above ?? whole
    return { words, place: { line, column }, ...(allowed !== undefined && { allowed }) }
  })
}

/** The reason behind `erlmcp-guard: allow`. */
function reasonIn(line: string, word: 'allow' | 'allow-file'): string | undefined {
  const reason = new RegExp(`erlmcp-guard: ${word}(?![\\w-])(.*)`).exec(line)?.[1]
  return reason?.replace(/["',\s]+$/, '').trim()
}

/** Whether a file belongs to a project of Erlang: in its folder or one above it. */
function isErlang(root: string, path: string): boolean {
  for (let at = dirname(resolve(root, path)); ; at = dirname(at)) {
    if (['rebar.config', 'erlang.mk'].some((name) => existsSync(join(at, name)))) return true
    if (at === resolve(root) || dirname(at) === at) return false
  }
}
