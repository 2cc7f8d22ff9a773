import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { posix, resolve } from 'node:path'
import type { Document } from './document.ts'
import { compareFindings, type Finding } from './finding.ts'
import { check, type Surroundings } from './rule.ts'
import type { SecretFile } from './secret.ts'
import type { Stack } from './stack.ts'
import { UserError } from './user-error.ts'
import { applyWaivers, type Waived } from './waiver.ts'

/** A file as it is to be: what the pipeline prints and the writer writes. */
export interface Artifact {
  /** Relative to the project, with `/`. */
  readonly path: string
  readonly text: string
  /** Permission bits. */
  readonly mode: number
  /** Lower-case hex SHA-256 of the UTF-8 text. */
  readonly sha256: string
}

/** Everything that a stack comes to, before a byte is written. */
export interface Synthesis {
  readonly artifacts: readonly Artifact[]
  readonly secrets: readonly SecretFile[]
  readonly findings: readonly Finding[]
  readonly waived: readonly Waived[]
}

export interface SynthesizeOptions {
  /** The project's folder, for rules that ask whether a file is there. Default: nothing is known. */
  readonly root?: string
  /** What the header of each file names as its source, such as `stack.ts`. */
  readonly source?: string
  /** The day that waivers are held against. Default: today. */
  readonly now?: Date
}

/** Values to documents, documents to findings and text. Pure but for looking whether files exist. */
export function synthesize(stack: Stack, options: SynthesizeOptions = {}): Synthesis {
  const context = { stack: stack.name }
  const documents = joinDocuments(stack.sources.flatMap((one) => [...one.documents(context)]))
  const secrets = joinSecrets(stack.sources.flatMap((one) => [...(one.secrets?.(context) ?? [])]))
  const around = surroundings(documents, secrets, options.root)
  const found = documents.flatMap((document) => check(document, around))
  const { findings, waived } = applyWaivers(
    found,
    stack.waivers,
    documents,
    options.now ?? new Date(),
  )
  const header = [
    `Made by erlmcp from ${options.source ?? 'stack.ts'}. Do not edit:`,
    'change that file and run `npx erlmcp synth`.',
  ]
  return {
    artifacts: documents.map((document) => toArtifact(document, header)),
    secrets,
    findings: findings.sort(compareFindings),
    waived,
  }
}

function toArtifact(document: Document, header: readonly string[]): Artifact {
  const text = document.format.print(document.data, header)
  return {
    path: document.path,
    text,
    mode: document.mode ?? 0o644,
    sha256: createHash('sha256').update(text).digest('hex'),
  }
}

/** One document a path: equal ones are one, mergeable ones are merged, others are a mistake. */
function joinDocuments(all: readonly Document[]): Document[] {
  const byPath = new Map<string, Document>()
  for (const document of all) {
    const path = projectPath(document.path)
    const known = byPath.get(path)
    byPath.set(path, known ? join(known, document) : { ...document, path })
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

function join(first: Document, second: Document): Document {
  const { format } = first
  if (format.name === second.format.name && format.merge) {
    return { ...first, data: format.merge(first.data, second.data) }
  }
  const same =
    format.name === second.format.name &&
    first.mode === second.mode &&
    format.print(first.data, []) === format.print(second.data, [])
  if (same) return first
  throw new UserError({
    what: `two different files want the path ${first.path}`,
    help: 'Give one of them another path.',
  })
}

function joinSecrets(all: readonly SecretFile[]): SecretFile[] {
  const byPath = new Map<string, SecretFile>()
  for (const secret of all) {
    const path = projectPath(secret.path)
    const known = byPath.get(path)
    if (known && JSON.stringify(known.recipe) !== JSON.stringify(secret.recipe)) {
      throw new UserError({
        what: `two secrets want the file ${path}, and are made in different ways`,
        help: 'Give one of them another file.',
      })
    }
    const readers = [...new Set([...(known?.readers ?? []), ...secret.readers])]
    byPath.set(path, { ...secret, path, readers: readers.sort((a, b) => a - b) })
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The path in its shortest form; refuses one that is absolute or leaves the project. */
function projectPath(path: string): string {
  const short = posix.normalize(path.replaceAll('\\', '/'))
  const outside = short.startsWith('../') || short === '..' || short === '.'
  if (outside || posix.isAbsolute(short) || /^[A-Za-z]:/.test(short) || short.includes('\0')) {
    throw new UserError({
      what: `the path ${JSON.stringify(path)} is not inside the project`,
      help: 'Give a path relative to the folder of stack.ts, without `..`.',
    })
  }
  return short
}

function surroundings(
  documents: readonly Document[],
  secrets: readonly SecretFile[],
  root: string | undefined,
): Surroundings {
  const made = new Set(documents.map((document) => document.path))
  const secret = new Set(secrets.map((one) => one.path))
  return {
    documents,
    isSecret: (path) => secret.has(posix.normalize(path)),
    exists(path) {
      const short = posix.normalize(path)
      if (made.has(short)) return 'file'
      const folder = short === '.' ? '' : `${short.replace(/\/$/, '')}/`
      if ([...made].some((one) => one.startsWith(folder))) return 'directory'
      if (root === undefined) return undefined
      const stat = statSync(resolve(root, short), { throwIfNoEntry: false })
      return stat === undefined ? 'none' : stat.isDirectory() ? 'directory' : 'file'
    },
  }
}
