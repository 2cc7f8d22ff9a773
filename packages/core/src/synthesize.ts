import { readFileSync, type Stats, statSync } from 'node:fs'
import { posix, resolve } from 'node:path'
import { type Artifact, artifact, projectPath, refuseCollisions } from './artifact.ts'
import { type Document, locate } from './document.ts'
import { compareFindings, type Finding } from './finding.ts'
import { check, type Rule, type Surroundings } from './rule.ts'
import type { SecretFile } from './secret.ts'
import { validateSecretFolders } from './secret-folder.ts'
import { documentsOf, type Stack, secretsOf, validateStack } from './stack.ts'
import type { StateItem } from './state.ts'
import { UserError } from './user-error.ts'
import { validateText } from './validate-source.ts'
import { applyWaivers, type Waived } from './waiver.ts'
import { UnprintableError } from './yaml.ts'

/** Everything that a stack comes to, before a byte is written. */
export interface Synthesis {
  readonly artifacts: readonly Artifact[]
  /** Every rule that judged, for reports that explain them. */
  readonly rules: readonly Rule[]
  readonly secrets: readonly SecretFile[]
  readonly findings: readonly Finding[]
  readonly waived: readonly Waived[]
  /** How many notes the stack mutes. */
  readonly muted: number
  /** What a machine keeps for the stack, for `write` to remember. */
  readonly state: readonly StateItem[]
}

export interface SynthesizeOptions {
  /** The project's folder, for rules that ask whether a file is there. Default: nothing is known. */
  readonly root?: string
  /** What the header of each file names as its source, such as `stack.ts`. */
  readonly source?: string
  /** What the header says to run after a change. Default `npx erlmcp synth`. */
  readonly command?: string
  /** The day that waivers are held against. Default: today. */
  readonly now?: Date
}

/** Values to documents, documents to findings and text. Pure but for looking at files of the project. */
export function synthesize(stack: Stack, options: SynthesizeOptions = {}): Synthesis {
  validateStack(stack)
  const context = { stack: stack.name, read: (path: string) => readProject(options.root, path) }
  const documents = joinDocuments(documentsOf(stack, context))
  const secrets = joinSecrets(secretsOf(stack, context))
  const around = surroundings(documents, secrets, options.root)
  const all = documents.flatMap((document) => check(document, around))
  const found = all.filter((finding) => !isMuted(finding, stack.mute ?? []))
  const { findings, waived } = applyWaivers(
    found,
    stack.waivers,
    documents,
    options.now ?? new Date(),
  )
  const { source = 'stack.ts', command = 'npx erlmcp synth' } = options
  const header = [
    `Made by erlmcp from ${source}. Do not edit:`,
    `change that file and run \`${command}\`.`,
    // A line break in a file name must not end the comment that it is printed in.
  ].map((line) => line.replaceAll(/[^ -~\xa0-\uffff]/g, '?'))
  const artifacts = documents.map((document) => toArtifact(document, header))
  refuseCollisions([...artifacts, ...secrets])
  validateSecretFolders(artifacts, secrets, options.root)
  return {
    artifacts,
    rules: rulesOf(documents),
    secrets,
    findings: findings.sort(compareFindings),
    waived,
    muted: all.length - found.length,
    state: [...stateIn(documents, secrets, stack.name)],
  }
}

function* stateIn(
  documents: readonly Document[],
  secrets: readonly SecretFile[],
  stack: string,
): Iterable<StateItem> {
  for (const document of documents) yield* document.format.state?.(document, stack) ?? []
  for (const { path, recipe } of secrets) yield { kind: 'secret', name: path, role: recipe.kind }
}

function isMuted({ rule, severity }: Finding, mute: readonly string[]): boolean {
  if (severity !== 'note') return false
  return mute.some((id) => (id.endsWith('*') ? rule.startsWith(id.slice(0, -1)) : rule === id))
}

/** @throws UserError for a path outside the project, or a file that is there and cannot be read */
function readProject(root: string | undefined, path: string): string | undefined {
  if (root === undefined) return undefined
  const file = resolve(root, projectPath(path))
  if (lookAround(file) === undefined) return undefined
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UserError({
      what: `${path} cannot be read: ${(error as Error).message}`,
      help: 'Look at what it is, and at who may read it.',
    })
  }
}

function toArtifact(document: Document, header: readonly string[]): Artifact {
  return artifact(document.path, printed(document, header), document.mode)
}

/** The text of a document; what it cannot hold is said with the file, and the line of the stack. */
function printed(document: Document, header: readonly string[]): string {
  try {
    return validateText(document, document.format.print(document.data, header))
  } catch (error) {
    if (!(error instanceof UnprintableError)) throw error
    const { help, path } = error
    const what = `${document.path}: ${error.what}`
    throw new UserError({ what, help, location: locate(document, path) })
  }
}

/** The rules that judged, for a report that explains them. */
function rulesOf(documents: readonly Document[]): Rule[] {
  return [...new Set(documents.flatMap((document) => document.format.rules))]
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
      const stat = lookAround(resolve(root, short))
      if (stat === 'hidden') return undefined
      return stat === undefined ? 'none' : stat.isDirectory() ? 'directory' : 'file'
    },
  }
}

/**
 * What is at a path that a stack only mentions: nothing also where it leads through a file, in a
 * circle of links, or is longer than a path can be.
 */
function lookAround(path: string): Stats | 'hidden' | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'EACCES' || code === 'EPERM' ? 'hidden' : undefined
  }
}
