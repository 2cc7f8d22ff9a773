import { join } from 'node:path'
import { type Artifact, type DiskFile, foldPath, validatePaths } from '../document/artifact.ts'
import { openRoot, readDisk, readText, statOf } from '../file/disk.ts'
import { sha256 } from '../sha256.ts'
import { UserError } from '../user-error.ts'
import { hiddenBy, isIgnoreFile } from './hidden.ts'
import {
  type Entry,
  type Manifest,
  manifestPath,
  ownedBy,
  printManifest,
  readManifest,
  readStates,
  type States,
} from './manifest.ts'
import { findKeepReason } from './removable.ts'
import { type LeftBehind, leftBehind, type State, type StateItem, stateOf } from './state.ts'

/**
 * What a write does with one file. `adopt`: it has the generated content already and joins the
 * manifest. `forget`: it is no longer generated, and does not exist or belongs to another stack. `keep`:
 * it is no longer generated, but was edited, cannot be a generated file, or is an ignore file that still
 * hides files, so it stays and is the user's from now on. `conflict`: it must not be overwritten.
 */
export type Action =
  | 'create'
  | 'update'
  | 'chmod'
  | 'remove'
  | 'unchanged'
  | 'adopt'
  | 'forget'
  | 'keep'
  | 'conflict'

/** One file and what a write does with it. */
export interface Step {
  readonly path: string
  readonly action: Action
  /** The old path, where only its spelling changes. */
  readonly from?: string
  /** Why it is a conflict or is kept, as a text that follows the path; and how to resolve it. */
  readonly why?: string
  readonly hint?: string
  /** Files that a kept ignore file still keeps out of git. */
  readonly hiddenPaths?: readonly string[]
  /** The file on the disk. */
  readonly before?: DiskFile
  /** The generated file. */
  readonly after?: Artifact
}

/** Everything that a write does. */
export interface Plan {
  /** The real path of the folder that is written into. */
  readonly root: string
  readonly source: string
  /** By path. */
  readonly steps: readonly Step[]
  /** The manifest on the disk, the new one, and the new one without the state of this source. */
  readonly manifest: {
    readonly before: string | undefined
    readonly after: string
    readonly plain: string
  }
  /** What the stack once had and a machine may still keep. */
  readonly left: readonly LeftBehind[]
}

export interface PlanOptions {
  /** The file of the stack relative to the root: the owner of the files. Default: `stack.ts`. */
  readonly source?: string
  /** Overwrite files that erlmcp did not generate or that were edited. Default: false. */
  readonly force?: boolean
  /** What a machine keeps for the stack. Default: as the manifest has it. */
  readonly state?: readonly StateItem[]
  /** Forget what the stack once had. Default: false. */
  readonly acknowledge?: boolean
}

/** Compares the generated files with the disk, without writing. */
export function plan(folder: string, artifacts: readonly Artifact[], options: PlanOptions): Plan {
  const { source = 'stack.ts', force = false } = options
  // On macOS and Windows Stack.ts is stack.ts.
  if (artifacts.some(({ path }) => foldPath(path) === foldPath(source))) {
    throw new UserError({
      message: `${source} is the stack itself and cannot be a generated file`,
      hint: 'Give that file another path.',
    })
  }
  validatePaths(artifacts)
  const root = openRoot(folder)
  const before = readText(root, manifestPath)
  const manifest = readManifest(root, source)
  const { own, others } = ownedBy(manifest, source, root)
  const created = new Set(artifacts.map(({ path }) => path))
  const respelled = respellings(root, own, created)
  const steps = artifacts.map((after) => {
    const from = respelled.get(after.path)
    const entry = own.get(from ?? after.path)
    const step = write(root, after, entry, others, force)
    const action = step.action === 'unchanged' ? 'update' : step.action
    return from === undefined ? step : { ...step, action, from }
  })
  const old = new Set(respelled.values())
  const gone = [...own].filter(([path]) => !created.has(path) && !old.has(path))
  const removed = gone.map(([path, entry]) => stale(root, path, entry, others, force))
  const removedPaths = new Set(
    removed.filter(({ action }) => action === 'remove').map(({ path }) => path),
  )
  steps.push(
    ...removed.map((step) =>
      removedPaths.has(step.path) || step.why ? keepIfHiding(root, step, removedPaths) : step,
    ),
  )
  const next = new Map<string, ReadonlyMap<string, Entry>>()
  for (const [name, files] of others) {
    next.set(name, new Map([...files].filter(([path]) => !created.has(path))))
  }
  const states = nextStates(readStates(before), source, others, options)
  next.set(source, new Map(artifacts.map(({ path, sha256, mode }) => [path, { sha256, mode }])))
  return {
    root,
    source,
    steps: steps.sort((a, b) => (a.path < b.path ? -1 : 1)),
    manifest: {
      before,
      after: printManifest(next, new Map([...states.others, [source, states.own]])),
      plain: printManifest(next, states.others),
    },
    left: states.left,
  }
}

/**
 * What is left behind, and the states of the new manifest: a name that was once used is kept until it
 * is acknowledged or used again.
 */
function nextStates(
  before: States,
  source: string,
  others: Manifest,
  { state, acknowledge = false }: PlanOptions,
): { left: LeftBehind[]; own: State; others: States } {
  const isOther = (name: string) => name !== source && others.has(name)
  const known = new Map(
    [...before].filter(([name]) => !isOther(name)).flatMap(([, items]) => [...items]),
  )
  const now = state === undefined ? known : stateOf(state)
  const elsewhere = [...before].filter(([name]) => isOther(name))
  const anywhere = new Map([...elsewhere.flatMap(([, items]) => [...items]), ...now])
  const left = leftBehind(known, anywhere)
  const recorded = left.map(({ item, successor }) =>
    successor ? { ...item, successor: successor.name } : item,
  )
  const kept = acknowledge ? [] : recorded
  const own = stateOf([...now.values(), ...kept])
  return { left: acknowledge ? [] : left, own, others: new Map(elsewhere) }
}

/**
 * The old path of each file whose path changes in letter case or Unicode composition only: where the
 * file system ignores these, removing the old file would remove the new one.
 */
function respellings(
  root: string,
  own: ReadonlyMap<string, Entry>,
  created: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const byFold = new Map([...created].map((path) => [foldPath(path), path]))
  const found = new Map<string, string>()
  for (const path of own.keys()) {
    const now = byFold.get(foldPath(path))
    if (now === undefined || created.has(path)) continue
    if (isOneFile(join(root, path), join(root, now))) found.set(now, path)
  }
  return found
}

function isOneFile(one: string, other: string): boolean {
  const [first, second] = [statOf(one), statOf(other)]
  if (!first || !second) return false
  return first.ino === second.ino && first.dev === second.dev
}

function write(
  root: string,
  after: Artifact,
  entry: Entry | undefined,
  others: Manifest,
  force: boolean,
): Step {
  const { path } = after
  const before = readDisk(root, path)
  if (!before) return { path, action: 'create', after }
  const owner = [...others].find(([, files]) => files.has(path))?.[0]
  const conflict = (why: string, hint: string): Step =>
    force
      ? { path, action: 'update', before, after }
      : { path, action: 'conflict', why, hint, before, after }
  if (owner !== undefined) {
    return conflict(`is generated from ${owner}`, `Give it another path here or in ${owner}.`)
  }
  if (before.sha256 === after.sha256) {
    const action = before.mode !== after.mode ? 'chmod' : entry ? 'unchanged' : 'adopt'
    return { path, action, before, after }
  }
  if (!entry) {
    return conflict('exists and was not generated by erlmcp', 'Move it away, or overwrite it.')
  }
  if (before.sha256 === entry.sha256) return { path, action: 'update', before, after }
  return hasWindowsLineEnds(before, entry)
    ? conflict('has Windows line endings since it was generated', lineEndingHint)
    : conflict('was edited since it was generated', 'Move your change into the stack.')
}

const lineEndingHint =
  'Add a line `* text eol=lf` to .gitattributes, then check the file out again.'

/** Whether only `\n` became `\r\n`, as git does on Windows. */
function hasWindowsLineEnds({ content }: DiskFile, { sha256: created }: Entry): boolean {
  const text = Buffer.from(content).toString('latin1')
  return (
    text.includes('\r\n') &&
    sha256(Buffer.from(text.replaceAll('\r\n', '\n'), 'latin1')) === created
  )
}

function stale(root: string, path: string, entry: Entry, others: Manifest, force: boolean): Step {
  // Only its own stack removes a file.
  if ([...others.values()].some((files) => files.has(path))) return { path, action: 'forget' }

  const before = readDisk(root, path)
  if (!before) return { path, action: 'forget' }
  const action = force || before.sha256 === entry.sha256 ? 'remove' : 'keep'
  if (action === 'keep') return { path, action, before }
  const why = findKeepReason(path, before)
  return why === undefined ? { path, action, before } : { path, action: 'keep', before, why }
}

/** Keeps an ignore file while any file that it hides exists. */
function keepIfHiding(root: string, step: Step, removedPaths: ReadonlySet<string>): Step {
  const { path, before } = step
  if (!isIgnoreFile(path)) return step
  const text = Buffer.from(before!.content).toString('utf8')
  const hiddenPaths = hiddenBy(root, path, text, removedPaths)
  return hiddenPaths.length === 0 ? step : { ...step, action: 'keep', hiddenPaths }
}

/** Whether nothing is left to write, the manifest included. */
export function isDone({ steps, manifest }: Plan): boolean {
  return manifest.before === manifest.after && steps.every(({ action }) => action === 'unchanged')
}
