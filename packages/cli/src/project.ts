import { relative, resolve, sep } from 'node:path'
import { type Finding, type Stack, type Synthesis, synthesize } from '@erlmcp/core'
import type { Arguments } from './command.ts'
import { loadStack } from './load-stack.ts'
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
}

/** Everything that a command begins with. */
export async function openProject(
  { stack: name, options }: Arguments,
  output: Output,
): Promise<Project> {
  const { stack, file, folder } = await patiently('running the stack', output, () =>
    loadStack(name),
  )
  const root = typeof options.out === 'string' ? resolve(options.out) : folder
  const source = relative(root, file).split(sep).join('/')
  // A source may be the person's own code too, and runs only now.
  const made = await guarded(file, () =>
    synthesize(stack, { root, source, command: commandFor(source) }),
  )
  const { findings, waived, ...rest } = made
  const synthesis = {
    ...rest,
    findings: findings.map(nearby),
    waived: waived.map(({ finding, waiver }) => ({ finding: nearby(finding), waiver })),
  }
  return { stack, root, source, synthesis }
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
function nearby(finding: Finding): Finding {
  const path = relative(process.cwd(), finding.file)
  const shorter = finding.line !== undefined && !path.startsWith(`..${sep}..`)
  return shorter ? { ...finding, file: path } : finding
}

export function hasErrors({ findings }: Synthesis): boolean {
  return findings.some(({ severity }) => severity === 'error')
}
