import { type Artifact, type DiskFile, refuseCollisions, sha256 } from './artifact.ts'
import { openRoot, readDisk, readText } from './disk.ts'
import { hiddenBy, isIgnoreFile } from './hidden.ts'
import {
  type Entry,
  type Manifest,
  manifestPath,
  ownedBy,
  printManifest,
  readManifest,
} from './manifest.ts'
import { UserError } from './user-error.ts'

/**
 * What a write does with one file. `adopt`: it is already as it should be, and becomes ours.
 * `forget`: it was ours, is no longer made, and is gone. `keep`: it was ours, is no longer made,
 * but was edited, or is an ignore file that still hides something, so it stays and is the user's
 * from now on. `conflict`: it is not ours to
 * overwrite.
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

/** One file and what is to be done with it. */
export interface Step {
  readonly path: string
  readonly action: Action
  /** Why it is a conflict, in words that follow the path, and the way out. */
  readonly why?: string
  readonly help?: string
  /** What an ignore file that is kept still keeps out of version control. */
  readonly hides?: readonly string[]
  /** The file on the disk. */
  readonly before?: DiskFile
  /** The file as it is to be. */
  readonly after?: Artifact
}

/** Everything that a write would do. */
export interface Plan {
  /** The real path of the folder that is written into. */
  readonly root: string
  readonly source: string
  /** By path. */
  readonly steps: readonly Step[]
  /** The manifest on the disk, and as it is to be. */
  readonly manifest: { readonly before: string | undefined; readonly after: string }
}

export interface PlanOptions {
  /** The stack's file relative to the root: whose files these are. Default: `stack.ts`. */
  readonly source?: string
  /** Overwrite what is not ours or was edited. Default: false. */
  readonly force?: boolean
}

/** Compares what is to be with what is there. Reads, and changes nothing. */
export function plan(folder: string, artifacts: readonly Artifact[], options: PlanOptions): Plan {
  const { source = 'stack.ts', force = false } = options
  // On macOS and Windows Stack.ts is stack.ts.
  if (artifacts.some(({ path }) => path.toLowerCase() === source.toLowerCase())) {
    throw new UserError({
      what: `${source} is the stack itself, and is among the files that it makes`,
      help: 'Give that file another path.',
    })
  }
  refuseCollisions(artifacts)
  const root = openRoot(folder)
  const manifest = readManifest(root)
  const { own, others } = ownedBy(manifest, source, root)
  const made = new Set(artifacts.map(({ path }) => path))
  const steps = artifacts.map((after) => write(root, after, own, others, force))
  const gone = [...own].filter(([path]) => !made.has(path))
  const removed = gone.map(([path, entry]) => stale(root, path, entry, force))
  const going = new Set(removed.filter(({ action }) => action === 'remove').map(({ path }) => path))
  steps.push(
    ...removed.map((step) => (going.has(step.path) ? unlessHiding(root, step, going) : step)),
  )
  const next = new Map<string, ReadonlyMap<string, Entry>>()
  for (const [name, files] of others) {
    next.set(name, new Map([...files].filter(([path]) => !made.has(path))))
  }
  next.set(source, new Map(artifacts.map(({ path, sha256, mode }) => [path, { sha256, mode }])))
  return {
    root,
    source,
    steps: steps.sort((a, b) => (a.path < b.path ? -1 : 1)),
    manifest: {
      before: readText(root, manifestPath),
      after: printManifest(next),
    },
  }
}

function write(
  root: string,
  after: Artifact,
  own: ReadonlyMap<string, Entry>,
  others: Manifest,
  force: boolean,
): Step {
  const { path } = after
  const before = readDisk(root, path)
  if (!before) return { path, action: 'create', after }
  const owner = [...others].find(([, files]) => files.has(path))?.[0]
  const conflict = (why: string, help: string): Step =>
    force
      ? { path, action: 'update', before, after }
      : { path, action: 'conflict', why, help, before, after }
  if (owner !== undefined) {
    return conflict(`is made from ${owner}`, `Give it another path here or in ${owner}.`)
  }
  const entry = own.get(path)
  if (before.sha256 === after.sha256) {
    const action = before.mode !== after.mode ? 'chmod' : entry ? 'unchanged' : 'adopt'
    return { path, action, before, after }
  }
  if (!entry) {
    return conflict('was there before and is not ours', 'Move it away, or have it overwritten.')
  }
  if (before.sha256 === entry.sha256) return { path, action: 'update', before, after }
  return hasWindowsLineEnds(before, entry)
    ? conflict('has Windows line ends since it was made', lineEndHelp)
    : conflict('was edited since it was made', 'Move your change into the stack.')
}

const lineEndHelp =
  'Tell git to leave them alone: a line `* text eol=lf` in .gitattributes, then check it out again.'

/** Whether only `\n` became `\r\n`, as git does it on Windows. */
function hasWindowsLineEnds({ content }: DiskFile, { sha256: made }: Entry): boolean {
  const text = Buffer.from(content).toString('latin1')
  return (
    text.includes('\r\n') && sha256(Buffer.from(text.replaceAll('\r\n', '\n'), 'latin1')) === made
  )
}

function stale(root: string, path: string, entry: Entry, force: boolean): Step {
  const before = readDisk(root, path)
  if (!before) return { path, action: 'forget' }
  const action = force || before.sha256 === entry.sha256 ? 'remove' : 'keep'
  return { path, action, before }
}

/** An ignore file goes only when nothing that it hides is left. */
function unlessHiding(root: string, step: Step, going: ReadonlySet<string>): Step {
  const { path, before } = step
  if (!isIgnoreFile(path)) return step
  const text = Buffer.from(before!.content).toString('utf8')
  const hides = hiddenBy(root, path, text, going)
  return hides.length === 0 ? step : { ...step, action: 'keep', hides }
}

/** Whether carrying it out would touch anything, the manifest included. */
export function isDone({ steps, manifest }: Plan): boolean {
  return manifest.before === manifest.after && steps.every(({ action }) => action === 'unchanged')
}
