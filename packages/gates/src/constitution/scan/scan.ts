import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import {
  check,
  compareFindings,
  type Document,
  type Finding,
  type Location,
  type Rule,
} from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'
import { commandsIn, type FoundCommand } from './commands.ts'
import { type FileKind, type HostPath, hostPaths, namedPaths } from './files.ts'
import { hostFileFormat } from './format.ts'
import type { HostCommand, HostFile } from './host-file.ts'
import { makefileTexts } from './makefile.ts'
import { placeFinder, wholeText } from './mapped-text.ts'
import { packageTexts } from './package-json.ts'
import { type ShellTexts, workflowTexts } from './workflow.ts'

export interface ScanOptions {
  /** Files and folders, relative to the root. Default: the root. */
  readonly paths?: readonly string[]
}

export interface Scan {
  readonly findings: readonly Finding[]
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
 * const { findings } = scan('.', constitution())
 */
export function scan(root: string, map: Constitution, { paths }: ScanOptions = {}): Scan {
  const format = hostFileFormat(map)
  const named = paths?.length ? paths.flatMap((name) => namedPaths(root, name)) : hostPaths(root)
  const findings = named.flatMap((one) => check(documentOf(root, one, format)))
  return {
    findings: findings.sort(compareFindings),
    rules: format.rules as Rule[],
    files: named.length,
  }
}

const readers: Record<FileKind, (source: string) => ShellTexts> = {
  workflow: workflowTexts,
  makefile: makefileTexts,
  package: packageTexts,
  script: (source) => ({ texts: [wholeText(source)] }),
}

function documentOf(
  root: string,
  { path, kind }: HostPath,
  format: Document<HostFile>['format'],
): Document<HostFile> {
  const source = readFileSync(join(root, path), 'utf8')
  const { texts, unreadable } = readers[kind](source)
  const data: HostFile = {
    commands: withPlaces(
      source,
      texts.flatMap((text) => commandsIn(text)),
    ),
    erlang: isErlang(root, path),
    ...(unreadable !== undefined && { unreadable }),
  }
  const locate = ([, index]: readonly (string | number)[]): Location => {
    const place = data.commands[Number(index)]?.place ?? { line: 1, column: 1 }
    return { file: path, ...place }
  }
  return { path, format, data, locate }
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
