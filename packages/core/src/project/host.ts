import type { Stack } from '../stack/stack.ts'
import type { Synthesis } from '../stack/synthesize.ts'
import { type WriteTarget, writeTargets } from './repository.ts'

/** One folder of a host, and its stacks. */
export interface HostedFolder {
  readonly root: string
  /** The file that describes the stacks, relative to the root. */
  readonly source: string
  readonly stacks: readonly Stack[]
  readonly synthesis: Synthesis
}

/** A program that writes the files of stacks along with its own, such as projen. */
export interface Host {
  /** The command that writes its files: `npx projen`. */
  readonly command: string
  /** The synthesis of each folder; the folder of the host itself is first. */
  folders(): readonly HostedFolder[]
  write(options: HostWriteOptions): void
}

export interface HostWriteOptions {
  /** Overwrite files that neither the host nor erlmcp generated. */
  readonly force: boolean
  /** Forget what stacks left behind on a machine. */
  readonly acknowledge: boolean
}

/** One target a folder, since a write removes files that its source no longer has. */
export function targetsOf(folders: readonly HostedFolder[]): readonly WriteTarget[] {
  const merged = new Map<string, WriteTarget>()
  for (const { root, source, synthesis } of folders) {
    for (const target of writeTargets(root, source, synthesis)) {
      const known = merged.get(target.root)
      const artifacts = [...(known?.artifacts ?? []), ...target.artifacts]
      const state = [...(known?.state ?? []), ...(target.state ?? [])]
      merged.set(target.root, { ...target, artifacts, state })
    }
  }
  return [...merged.values()]
}

const key: unique symbol = Symbol.for('erlmcp.hosts') as never
const program = globalThis as { [key]?: Host[] }

/**
 * Runs a file in which a host may register, without letting the host write.
 *
 * @returns the hosts that registered meanwhile
 */
export async function collectHosts(load: () => Promise<unknown>): Promise<readonly Host[]> {
  const hosts: Host[] = []
  program[key] = hosts
  try {
    await load()
  } finally {
    delete program[key]
  }
  return hosts
}

/**
 * Registers a host.
 *
 * @returns whether {@link collectHosts} runs: then the host must not write until {@link Host.write}
 */
export function registerHost(host: Host): boolean {
  program[key]?.push(host)
  return program[key] !== undefined
}
