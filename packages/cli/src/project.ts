import { relative, resolve, sep } from 'node:path'
import { type Finding, type Synthesis, synthesize } from '@erlmcp/core'
import type { Arguments } from './command.ts'
import { guarded, loadStack } from './load-stack.ts'

/** A stack, synthesized for the folder that its files belong in. */
export interface Project {
  readonly root: string
  /** The stack's file, relative to the root: whose files these are. */
  readonly source: string
  readonly synthesis: Synthesis
}

/** Everything that a command begins with. */
export async function openProject({ stack: name, options }: Arguments): Promise<Project> {
  const { stack, file, folder } = await loadStack(name)
  const root = typeof options.out === 'string' ? resolve(options.out) : folder
  const source = relative(root, file).split(sep).join('/')
  // A source may be the person's own code too, and runs only now.
  const made = await guarded(file, () => synthesize(stack, { root, source }))
  const { findings, waived, ...rest } = made
  const synthesis = {
    ...rest,
    findings: findings.map(nearby),
    waived: waived.map(({ finding, waiver }) => ({ finding: nearby(finding), waiver })),
  }
  return { root, source, synthesis }
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
