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
import type { Output } from '../output.ts'
import { displayPath } from '../report/path.ts'
import { withSlowNotice } from '../report/progress.ts'
import { guard } from './guard.ts'
import { type Loaded, loadStack } from './load-stack.ts'

/** What commands of a stack have in common. */
export interface ProjectArguments {
  readonly stack: string | undefined
  readonly options: { readonly out?: string | undefined; readonly format?: string }
}

/** A stack, synthesized for the folder of its files. */
export interface Project {
  readonly stack: Stack
  readonly root: string
  /** The file of the stack, relative to the root. */
  readonly source: string
  readonly synthesis: Synthesis
  /** All files by folder; in a projen project those of the other stacks, too. */
  readonly targets: readonly WriteTarget[]
  /** Writes the files of a projen project. */
  readonly write?: (options: HostWriteOptions) => void
}

/** Which stack a command uses, if a projen project has several. */
export interface Selection {
  /** All of them: the command compares or writes files. */
  readonly all?: boolean
  /** Those with a feature, such as gates. */
  readonly has?: (stack: Stack) => boolean
}

/** Runs the stack, and synthesizes its files. */
export async function openProject(
  args: ProjectArguments,
  output: Output,
  selection: Selection = {},
): Promise<Project> {
  const loaded = await withSlowNotice('running the stack', output, () => loadStack(args.stack))
  const { stack, file } = loaded
  return stack === undefined
    ? guard(file, () => hostedProject(loaded, args, selection))
    : ownProject(stack, loaded, args)
}

async function ownProject(
  stack: Stack,
  { file, folder }: Loaded,
  { options: { out } }: ProjectArguments,
): Promise<Project> {
  const root = out === undefined ? folder : resolve(out)
  const source = relative(root, file).split(sep).join('/')
  // A source may be code of the user that runs only now.
  const synthesis = await guard(file, () =>
    synthesize(stack, { root, source, command: commandFor(source) }),
  )
  const targets = writeTargets(root, source, synthesis)
  return { stack, root, source, synthesis: withDisplayPaths(synthesis), targets }
}

/** A stack of a projen project, which writes all of its files or none. */
function hostedProject(
  loaded: Loaded,
  { options: { out } }: ProjectArguments,
  selection: Selection,
): Project {
  const { file, hosts } = loaded
  if (out !== undefined) {
    throw new UserError({
      message: `--out ${out}: ${displayPath(file)} sets the folder of its files itself`,
      hint: 'Remove --out, or set the `outdir` of the project.',
    })
  }
  const folders = hosts.flatMap((host) => host.folders())
  const targets = targetsOf(folders)
  const write: Project['write'] = (options) => {
    for (const host of hosts) host.write(options)
  }
  if (selection.all) {
    const [{ root, source }] = folders as [HostedFolder]
    const stack = folders.flatMap(({ stacks }) => stacks)[0]!
    return { stack, root, source, synthesis: withDisplayPaths(joined(folders)), targets, write }
  }
  const { folder, stack } = select(folders, loaded, selection)
  const { root, source, synthesis } = folder
  return { stack, root, source, synthesis: withDisplayPaths(synthesis), targets, write }
}

function select(folders: readonly HostedFolder[], { file, name }: Loaded, { has }: Selection) {
  const all = folders.flatMap((folder) => folder.stacks.map((stack) => ({ folder, stack })))
  const [top] = folders
  const here = all.filter(({ folder: { root } }) => root !== top!.root && root === process.cwd())
  const near = name === undefined && here.length > 0 ? here : all
  const named = near.filter(({ stack }) => name === undefined || stack.name === name)
  const matching = has ? named.filter(({ stack }) => has(stack)) : named
  const left = matching.length > 0 ? matching : named
  const [first] = left
  const isOne = has ? left.length === 1 : new Set(left.map(({ folder }) => folder)).size === 1
  if (first && isOne) return first
  const names = all.map(({ stack }) => stack.name)
  const which = `${displayPath(file)}#${left[0]?.stack.name ?? names[0]}`
  throw new UserError({
    message:
      left.length === 0
        ? `${displayPath(file)} has no stack ${name}; it has ${names.join(', ')}`
        : `${displayPath(file)} has the stacks ${left.map(({ stack }) => stack.name).join(', ')}`,
    hint: `Name one of them, such as ${which}, as the file of the stack or with --stack.`,
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

function withDisplayPaths({ diagnostics, suppressed, ...rest }: Synthesis): Synthesis {
  return {
    ...rest,
    diagnostics: diagnostics.map(withDisplayPath),
    suppressed: suppressed.map(({ diagnostic, suppression }) => ({
      diagnostic: withDisplayPath(diagnostic),
      suppression,
    })),
  }
}

/** The path of a file of a target, from the folder of the project. */
export function pathFrom({ root }: Project, target: WriteTarget, path: string): string {
  const folder = pathBetween(resolve(root), resolve(target.root))
  return folder === '' ? path : `${folder}/${path}`
}

/** The command that generates the files again, run in their folder. */
function commandFor(source: string): string {
  if (source === 'stack.ts') return 'npx erlmcp synth'
  const word = /^[\w./-]+$/.test(source) ? source : `'${source.replaceAll("'", "'\\''")}'`
  return `npx erlmcp synth ${word}${source.includes('/') ? ' --out .' : ''}`
}

/** The command that writes the files, run in the working folder. */
export function synthCommand({ stack, options: { out } }: ProjectArguments): string {
  const words = [stack, ...(out === undefined ? [] : ['--out', out])]
  return ['erlmcp synth', ...words.filter((word) => word !== undefined)].join(' ')
}

/** The command that records that everything left behind was handled. */
export function acknowledgeCommand(args: ProjectArguments): string {
  return `${synthCommand(args)} --acknowledge`
}

function withDisplayPath(diagnostic: Diagnostic): Diagnostic {
  const path = relative(process.cwd(), diagnostic.file)
  const shorter = diagnostic.line !== undefined && !path.startsWith(`..${sep}..`)
  return shorter ? { ...diagnostic, file: path } : diagnostic
}

export function hasErrors({ diagnostics }: Synthesis): boolean {
  return diagnostics.some(({ severity }) => severity === 'error')
}
