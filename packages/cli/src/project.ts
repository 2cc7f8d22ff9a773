import { relative, resolve, sep } from 'node:path'
import {
  type Diagnostic,
  type HostedFolder,
  type HostWriteOptions,
  pathBetween,
  type Stack,
  type Synthesis,
  synthesize,
  targetsOf,
  UserError,
  type WriteTarget,
  writeTargets,
} from '@erlmcp/core'
import type { Arguments } from './command.ts'
import { type Loaded, loadStack } from './load-stack.ts'
import { shown } from './mistake.ts'
import type { Output } from './output.ts'
import { patiently } from './progress.ts'
import { guarded } from './stack-guard.ts'

/** A stack, synthesized for the folder that its files belong in. */
export interface Project {
  readonly stack: Stack
  readonly root: string
  /** The stack's file, relative to the root: whose files these are. */
  readonly source: string
  readonly synthesis: Synthesis
  /** All that is written, by folder; in a projen project also what other stacks make. */
  readonly targets: readonly WriteTarget[]
  /** Has projen write the files, where they are projen's. */
  readonly write?: (options: HostWriteOptions) => void
}

/** Which stack a command is about, where a projen project has several. */
export interface Choice {
  /** All of them: the command compares or writes files. */
  readonly all?: boolean
  /** Those that have what it is about, such as gates. */
  readonly has?: (stack: Stack) => boolean
}

/** Everything that a command begins with. */
export async function openProject(
  given: Arguments,
  output: Output,
  choice: Choice = {},
): Promise<Project> {
  const loaded = await patiently('running the stack', output, () => loadStack(given.stack))
  const { stack, file } = loaded
  return stack === undefined
    ? guarded(file, () => hostedProject(loaded, given, choice))
    : ownProject(stack, loaded, given)
}

async function ownProject(
  stack: Stack,
  { file, folder }: Loaded,
  { options }: Arguments,
): Promise<Project> {
  const root = typeof options.out === 'string' ? resolve(options.out) : folder
  const source = relative(root, file).split(sep).join('/')
  // A source may be the person's own code too, and runs only now.
  const made = await guarded(file, () =>
    synthesize(stack, { root, source, command: commandFor(source) }),
  )
  const targets = writeTargets(root, source, made)
  return { stack, root, source, synthesis: withNearby(made), targets }
}

/** A stack of a projen project, which writes all of its files or none. */
function hostedProject(loaded: Loaded, { options }: Arguments, choice: Choice): Project {
  const { file, hosts } = loaded
  if (typeof options.out === 'string') {
    throw new UserError({
      message: `${shown(file)} says itself where its files are, so --out ${options.out} has no meaning`,
      hint: 'Leave --out away, or give the project another `outdir`.',
    })
  }
  const folders = hosts.flatMap((host) => host.folders())
  const targets = targetsOf(folders)
  const write: Project['write'] = (how) => {
    for (const host of hosts) host.write(how)
  }
  if (choice.all) {
    const [{ root, source }] = folders as [HostedFolder]
    const stack = folders.flatMap(({ stacks }) => stacks)[0]!
    return { stack, root, source, synthesis: withNearby(joined(folders)), targets, write }
  }
  const { folder, stack } = chosen(folders, loaded, choice)
  const { root, source, synthesis } = folder
  return { stack, root, source, synthesis: withNearby(synthesis), targets, write }
}

function chosen(folders: readonly HostedFolder[], { file, name }: Loaded, { has }: Choice) {
  const all = folders.flatMap((folder) => folder.stacks.map((stack) => ({ folder, stack })))
  const [top] = folders
  const here = all.filter(({ folder: { root } }) => root !== top!.root && root === process.cwd())
  const near = name === undefined && here.length > 0 ? here : all
  const called = near.filter(({ stack }) => name === undefined || stack.name === name)
  const fitting = has ? called.filter(({ stack }) => has(stack)) : called
  const left = fitting.length > 0 ? fitting : called
  const [first] = left
  const isOne = has ? left.length === 1 : new Set(left.map(({ folder }) => folder)).size === 1
  if (first && isOne) return first
  const names = all.map(({ stack }) => stack.name)
  const which = `${shown(file)}#${left[0]?.stack.name ?? names[0]}`
  throw new UserError({
    message:
      left.length === 0
        ? `${shown(file)} has no stack ${name}; it has ${names.join(', ')}`
        : `${shown(file)} has the stacks ${left.map(({ stack }) => stack.name).join(', ')}`,
    hint: `Name one of them, such as ${which}: in place of the file of the stack, or with --stack.`,
  })
}

function joined(folders: readonly HostedFolder[]): Synthesis {
  const all = folders.map(({ synthesis }) => synthesis)
  return {
    artifacts: all.flatMap(({ artifacts }) => artifacts),
    repository: '',
    rules: [...new Set(all.flatMap(({ rules }) => rules))],
    secrets: all.flatMap(({ secrets }) => secrets),
    diagnostics: all.flatMap(({ diagnostics }) => diagnostics),
    suppressed: all.flatMap(({ suppressed }) => suppressed),
    muted: all.reduce((sum, { muted }) => sum + muted, 0),
    state: all.flatMap(({ state }) => state),
  }
}

function withNearby({ diagnostics, suppressed, ...rest }: Synthesis): Synthesis {
  return {
    ...rest,
    diagnostics: diagnostics.map(nearby),
    suppressed: suppressed.map(({ diagnostic, suppression }) => ({
      diagnostic: nearby(diagnostic),
      suppression,
    })),
  }
}

/** The path of a file of a target, from the folder of the project. */
export function pathFrom({ root }: Project, target: WriteTarget, path: string): string {
  const way = pathBetween(resolve(root), resolve(target.root))
  return way === '' ? path : `${way}/${path}`
}

/** What makes the files again, said in the folder that they are in. */
function commandFor(source: string): string {
  if (source === 'stack.ts') return 'npx erlmcp synth'
  const word = /^[\w./-]+$/.test(source) ? source : `'${source.replaceAll("'", "'\\''")}'`
  return `npx erlmcp synth ${word}${source.includes('/') ? ' --out .' : ''}`
}

/** The command that writes what was asked about, as the person would type it here. */
export function synthCommand({ stack, options: { out } }: Arguments): string {
  const words = [stack, ...(typeof out === 'string' ? ['--out', out] : [])]
  return ['erlmcp synth', ...words.filter((word) => word !== undefined)].join(' ')
}

/** The command that says that what the stack left behind is dealt with. */
export function acknowledgeCommand(given: Arguments): string {
  return `${synthCommand(given)} --acknowledge`
}

/** People and annotations want paths as they would type them. */
function nearby(diagnostic: Diagnostic): Diagnostic {
  const path = relative(process.cwd(), diagnostic.file)
  const shorter = diagnostic.line !== undefined && !path.startsWith(`..${sep}..`)
  return shorter ? { ...diagnostic, file: path } : diagnostic
}

export function hasErrors({ diagnostics }: Synthesis): boolean {
  return diagnostics.some(({ severity }) => severity === 'error')
}
