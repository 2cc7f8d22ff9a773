import { posix, resolve } from 'node:path'
import { type Artifact, artifact, projectPath, validatePaths } from '../document/artifact.ts'
import { type Document, locate, type Rule, type RuleContext } from '../document/document.ts'
import { check, rulesOf } from '../lint/check.ts'
import { compareDiagnostics, type Diagnostic } from '../lint/diagnostic.ts'
import { applySuppressions, type Suppressed } from '../lint/suppression.ts'
import { headerStart } from '../print/header.ts'
import { UnprintableError } from '../print/yaml.ts'
import {
  defaultProject,
  type ProjectContext,
  projectContextOf,
} from '../project/project-context.ts'
import { type OtherFiles, type ProjectFiles, projectFiles } from '../project/project-files.ts'
import { isRepositoryPath, pathBetween, repositoryOf } from '../project/repository.ts'
import { findMissingAuthorities } from '../secret/missing-authority.ts'
import type { SecretFile } from '../secret/secret.ts'
import { validateSecretFolders } from '../secret/secret-folder.ts'
import { isUserError, UserError } from '../user-error.ts'
import type { StateItem } from '../write/state.ts'
import { documentsOf, type Stack, type StackContext, secretsOf, validateStack } from './stack.ts'
import { validateText } from './validate-source.ts'

/** The result of a stack, before anything is written. */
export interface Synthesis {
  /** Files; `.github/…` belongs to the root of the repository: see {@link writeTargets}. */
  readonly artifacts: readonly Artifact[]
  /** The root of the repository, relative to the folder of the stack; '' for that folder. */
  readonly repository: string
  /** The rules that ran, for reports that explain them. */
  readonly rules: readonly Rule[]
  readonly secrets: readonly SecretFile[]
  readonly diagnostics: readonly Diagnostic[]
  readonly suppressed: readonly Suppressed[]
  /** Number of muted notes. */
  readonly muted: number
  /** What a machine keeps for the stack, for `write` to record. */
  readonly state: readonly StateItem[]
}

export interface SynthesizeOptions {
  /** The project's folder, for rules that look for files. Default: unknown. */
  readonly root?: string
  /** The source that the header of each file names. Default: `stack.ts`. */
  readonly source?: string
  /** The command in the header. Default: `npx erlmcp synth`. */
  readonly command?: string
  /** Whether files have a header, where their format has comments. Default: true. */
  readonly header?: boolean
  /** The date for expired suppressions. Default: today. */
  readonly now?: Date
  /** Files that another tool writes in the same run. Default: no files. */
  readonly files?: OtherFiles
  /** The root of the repository. Default: that of the stack, or the nearest folder with `.git`. */
  readonly repository?: string
  /** Commands of the project. Default: derived from its lock file. */
  readonly project?: (stack: Stack) => Partial<ProjectContext>
  /** Changes a document before lint and print. Default: unchanged. */
  readonly edit?: (document: Document) => Document
}

/** The parts of one stack. */
interface StackPart {
  readonly stack: Stack
  readonly documents: readonly Document[]
  readonly secrets: readonly SecretFile[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Values to documents, documents to diagnostics and text. Pure, except that it reads files of the project.
 *
 * @param stacks one, or all of one folder: equal files are written once
 */
export function synthesize(
  stacks: Stack | readonly Stack[],
  options: SynthesizeOptions = {},
): Synthesis {
  const all = 'kind' in stacks ? [stacks] : stacks
  for (const one of all) validateStack(one)
  const repository = repositoryFrom(options, all)
  const files = projectFiles(options.root, repository, options.files)
  const project = projectFrom(repository, options)
  const parts = all.map((stack) => {
    const context = contextOf(stack, files, { ...project, ...options.project?.(stack) })
    const documents = documentsOf(stack, context)
    const diagnostics = stack.sources.flatMap((one) => [...(one.diagnostics?.(context) ?? [])])
    return { stack, documents, secrets: secretsOf(stack, context), diagnostics }
  })
  const created = joinDocuments(parts.flatMap((part) => part.documents))
  const documents = created.map((document) => edited(document, options.edit))
  const secrets = joinSecrets(parts.flatMap((part) => part.secrets))
  const around = context(documents, secrets, files)
  const reported = [
    ...documents.flatMap((document) => check(document, around)),
    ...findMissingAuthorities(secrets),
    ...parts.flatMap((part) => part.diagnostics),
  ]
  const mute = all.flatMap((one) => one.mute ?? [])
  const found = reported.filter((diagnostic) => !isMuted(diagnostic, mute))
  const { diagnostics, suppressed } = applySuppressions(
    found,
    all.flatMap(({ suppressions }) => suppressions),
    documents,
    options.now ?? new Date(),
  )
  const isShared = ({ path }: { readonly path: string }) =>
    repository !== '' && isRepositoryPath(path)
  const [own, shared] = [headerOf(options, project, false), headerOf(options, project, true)]
  const artifacts = documents.map((one) => toArtifact(one, isShared(one) ? shared : own))
  validatePaths([...artifacts, ...secrets])
  validateSecretFolders(artifacts, secrets, options.root)
  return {
    artifacts,
    repository,
    rules: [...new Set(documents.flatMap(({ format }) => rulesOf(format)))],
    secrets,
    diagnostics: diagnostics.sort(compareDiagnostics),
    suppressed,
    muted: reported.length - found.length,
    state: parts.flatMap((part) => stateIn(part, documents)),
  }
}

/** What a machine keeps of one stack. */
function stateIn({ stack, documents, secrets }: StackPart, written: readonly Document[]) {
  const paths = new Set(documents.map(({ path }) => projectPath(path)))
  const own = written.filter(({ path }) => paths.has(path))
  return [
    ...own.flatMap((document) => [...(document.format.state?.(document, stack.name) ?? [])]),
    ...secrets.map(({ path, recipe }) => ({
      kind: 'secret' as const,
      name: projectPath(path),
      role: recipe.kind,
    })),
  ]
}

function isMuted({ rule, severity }: Diagnostic, mute: readonly string[]): boolean {
  if (severity !== 'note') return false
  return mute.some((id) => (id.endsWith('*') ? rule.startsWith(id.slice(0, -1)) : rule === id))
}

function edited(document: Document, edit: SynthesizeOptions['edit']): Document {
  const after = edit?.(document) ?? document
  if (after === document) return document
  try {
    after.format.validate?.(after.data)
  } catch (error) {
    if (!isUserError(error)) throw error
    const message = `${after.path}, after an override: ${error.summary}`
    throw new UserError({ message, hint: error.hint, location: error.location })
  }
  return after
}

/** The context of the sources of a stack. */
function contextOf({ name }: Stack, files: ProjectFiles, project: ProjectContext): StackContext {
  return { stack: name, read: (path) => files.read(path), project }
}

function repositoryFrom({ root, repository }: SynthesizeOptions, stacks: readonly Stack[]): string {
  if (root === undefined) return ''
  const declared = stacks.map((one) => one.repository).find((one) => one !== undefined)
  const top = repository ?? (declared === undefined ? repositoryOf(root) : resolve(root, declared))
  return pathBetween(resolve(root), resolve(top))
}

function projectFrom(
  repository: string,
  { root, source = 'stack.ts' }: SynthesizeOptions,
): ProjectContext {
  if (root === undefined) return defaultProject
  return projectContextOf(resolve(root), resolve(root, repository), source)
}

/** The header of a file; its paths are relative to the folder that has the file. */
function headerOf(
  { source = 'stack.ts', command = 'npx erlmcp synth', header = true }: SynthesizeOptions,
  { folder }: ProjectContext,
  isShared: boolean,
): readonly string[] {
  if (!header) return []
  // A source above the folder belongs to another tool, whose command runs anywhere.
  const where = isShared && !source.startsWith('../') ? ` in ${folder}` : ''
  const lines = [
    `${headerStart}${isShared ? posix.join(folder, source) : source}. Do not edit:`,
    `change that file and run \`${command}\`${where}.`,
  ]
  // A line break in a file name must not end the comment that it is printed in.
  return lines.map((line) => line.replaceAll(/[^ -~\xa0-\uffff]/g, '?'))
}

function toArtifact(document: Document, header: readonly string[]): Artifact {
  return artifact(document.path, printed(document, header), document.mode)
}

/** The text of a document; its errors name the file and the line of the stack. */
function printed(document: Document, header: readonly string[]): string {
  try {
    return validateText(document, document.format.print(document.data, header))
  } catch (error) {
    if (!(error instanceof UnprintableError)) throw error
    const { hint, path } = error
    const message = `${document.path}: ${error.summary}`
    throw new UserError({ message, hint, location: locate(document, path) })
  }
}

/** One document a path: equal ones are deduplicated, mergeable ones merged, others rejected. */
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
    message: `two different files have the path ${first.path}`,
    hint: 'Give one of them another path.',
  })
}

function joinSecrets(all: readonly SecretFile[]): SecretFile[] {
  const byPath = new Map<string, SecretFile>()
  for (const secret of all) {
    const path = projectPath(secret.path)
    const known = byPath.get(path)
    if (known && JSON.stringify(known.recipe) !== JSON.stringify(secret.recipe)) {
      throw new UserError({
        message: `two secrets with different recipes have the file ${path}`,
        hint: 'Give one of them another file.',
      })
    }
    const readers = [...new Set([...(known?.readers ?? []), ...secret.readers])]
    const atRest = known?.atRest === true || secret.atRest === true
    byPath.set(path, {
      ...secret,
      path,
      readers: readers.sort((a, b) => a - b),
      ...(atRest && { atRest }),
    })
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

function context(
  documents: readonly Document[],
  secrets: readonly SecretFile[],
  files: ProjectFiles,
): RuleContext {
  const created = new Set(documents.map((document) => document.path))
  const secret = new Set(secrets.map((one) => one.path))
  return {
    documents,
    isSecret: (path) => secret.has(posix.normalize(path)),
    exists(path) {
      const short = posix.normalize(path)
      if (created.has(short)) return 'file'
      const folder = short === '.' ? '' : `${short.replace(/\/$/, '')}/`
      if ([...created].some((one) => one.startsWith(folder))) return 'directory'
      return files.stat(short)
    },
    list: (path) => files.list(path),
    read(path) {
      try {
        return files.stat(path) === 'file' ? files.read(path) : undefined
      } catch {
        // Outside the project, or without permission.
        return undefined
      }
    },
  }
}
