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
import { rules } from '../lint/rules.gen.ts'
import { findDockerForm } from './docker-form.ts'
import {
  type FileKind,
  filesAt,
  findFiles,
  interpreterOf,
  kindByContent,
  type ScannedFile,
} from './find-files.ts'
import type { HostCommand, HostFile } from './host-file.ts'
import { hostFileFormat } from './host-file-format.ts'
import type { FoundCommand, Reference } from './shell/input.ts'
import { findCommands } from './shell/shell-text.ts'
import { keyedFileTexts, packageTexts } from './texts/keyed-file.ts'
import { lineFileTexts } from './texts/line-file.ts'
import { makefileTexts } from './texts/makefile.ts'
import { positionFinder, wholeText } from './texts/mapped-text.ts'
import type { ShellTexts } from './texts/shell-texts.ts'
import { workflowTexts } from './texts/workflow.ts'

export interface ScanOptions {
  /** Files and folders, relative to the root. Default: the root. */
  readonly paths?: readonly string[]
}

/** The result of a scan. */
export interface Scan {
  readonly diagnostics: readonly Diagnostic[]
  /** The rules of the diagnostics. */
  readonly rules: readonly Rule[]
  /** Number of scanned files. */
  readonly files: number
}

/**
 * Finds commands that run Erlang on the host, in workflows, composite actions, Makefiles, shell
 * scripts and the scripts of `package.json`. Files that a container reads, such as a Dockerfile or
 * `rebar.config`, are not scanned.
 *
 * @throws UserError for a path that does not exist or runs no commands
 * @example
 * const { diagnostics } = scan('.', constitution())
 */
export function scan(root: string, map: Constitution, { paths }: ScanOptions = {}): Scan {
  const files = paths?.length ? paths.flatMap((name) => filesAt(root, name)) : findFiles(root)
  const seen = new Map(files.map((one) => [one.path, one]))
  const diagnostics: Diagnostic[] = []
  // Files that a scanned file hands to a shell are added while this runs.
  for (const one of seen.values()) {
    const { document, references } = readFile(root, one, map)
    diagnostics.push(...check(document))
    for (const reference of references) {
      for (const path of resolveReference(root, one.path, reference)) {
        const kind = reference.kind === 'makefile' ? 'makefile' : kindByContent(root, path)
        if (kind && !seen.has(path)) seen.set(path, { path, kind })
      }
    }
  }
  return {
    diagnostics: diagnostics.sort(compareDiagnostics),
    rules: rules as readonly Rule[],
    files: seen.size,
  }
}

const readers: Record<FileKind, (source: string, path: string) => ShellTexts> = {
  workflow: workflowTexts,
  makefile: (source) => makefileTexts(wholeText(source)),
  package: packageTexts,
  keyed: keyedFileTexts,
  lines: lineFileTexts,
  script: (source) => ({ texts: [wholeText(source)] }),
}

function readFile(
  root: string,
  { path, kind }: ScannedFile,
  map: Constitution,
): { document: Document<HostFile>; references: readonly Reference[] } {
  const source = readRegularFile(join(root, path), path) ?? ''
  const { texts, unreadable, includes = [] } = readers[kind](source, path)
  const contents = texts.map((text) => findCommands(text))
  const references = [
    ...contents.flatMap((one) => one.references),
    ...includes.map((one) => ({ ...one, kind: 'makefile' as const })),
  ]
  const commands = [
    ...contents.flatMap((one) => one.commands),
    ...references.flatMap((one) => scriptCommands(root, path, one, map)),
  ]
  const data: HostFile = {
    commands: hostCommands(source, commands, map, isErlang(root, path)),
    ...(unreadable !== undefined && { unreadable }),
  }
  const locate = ([, index]: readonly (string | number)[]): Location => {
    const position = data.commands[Number(index)]?.position ?? { line: 1, column: 1 }
    return { file: path, ...position }
  }
  return { document: { path, format: hostFileFormat, data, locate }, references }
}

/** The files of a reference: beside the file that has it, or below the root. */
function resolveReference(root: string, from: string, { name, kind }: Reference): string[] {
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

/** The command of a script whose `#!` line names a program of the map. */
function scriptCommands(
  root: string,
  from: string,
  reference: Reference,
  map: Constitution,
): FoundCommand[] {
  if (reference.kind !== 'script' || reference.name.endsWith('.escript')) return []
  return resolveReference(root, from, reference).flatMap((path) => {
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

function hostCommands(
  source: string,
  found: readonly FoundCommand[],
  map: Constitution,
  isErlang: boolean,
): HostCommand[] {
  const positionOf = positionFinder(source)
  const lines = source.split('\n')
  const ofFile = lines.map((line) => reasonIn(line, 'allow-file')).find((one) => one !== undefined)
  return found.map(({ words, offset }) => {
    const { line, column } = positionOf(offset)
    const beside = reasonIn(lines[line - 1]!, 'allow')
    const above = /^\s*(?:#|\/\/)/.test(lines[line - 2] ?? '')
      ? reasonIn(lines[line - 2]!, 'allow')
      : undefined
    const allowed = beside ?? above ?? ofFile
    const dockerForm = findDockerForm(
      map,
      words.map(({ value }) => value),
      isErlang,
    )
    return {
      ...{ words, position: { line, column } },
      ...(dockerForm && { dockerForm }),
      ...(allowed !== undefined && { allowed }),
    }
  })
}

/** The reason after `erlmcp-guard: allow`. */
function reasonIn(line: string, word: 'allow' | 'allow-file'): string | undefined {
  const reason = new RegExp(`erlmcp-guard: ${word}(?![\\w-])(.*)`).exec(line)?.[1]
  return reason?.replace(/["',\s]+$/, '').trim()
}

/** Whether the folder of a file, or one above it, is an Erlang project. */
function isErlang(root: string, path: string): boolean {
  for (let at = dirname(resolve(root, path)); ; at = dirname(at)) {
    if (['rebar.config', 'erlang.mk'].some((name) => existsSync(join(at, name)))) return true
    if (at === resolve(root) || dirname(at) === at) return false
  }
}
