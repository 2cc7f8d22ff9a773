import type { Stack } from '../stack.ts'
import type { Synthesis } from '../synthesize.ts'
import { type WriteTarget, writeTargets } from './repository.ts'

/** One folder of a host, and the stacks whose files belong there. */
export interface HostedFolder {
  readonly root: string
  /** The file that describes the stacks, relative to the root. */
  readonly source: string
  readonly stacks: readonly Stack[]
  readonly synthesis: Synthesis
}

/** A program that writes the files of stacks along with its own, such as projen. */
export interface Host {
  /** What a user runs to have it write: `npx projen`. */
  readonly command: string
  /** What it would write, by folder; the folder of the host itself comes first. */
  folders(): readonly HostedFolder[]
  write(options: HostWriteOptions): void
}

export interface HostWriteOptions {
  /** Also over files that are neither the host's own nor erlmcp's. */
  readonly force: boolean
  /** Whether what stacks left behind on a machine is dealt with. */
  readonly acknowledge: boolean
}

/** One target a folder: a write takes files that its source no longer has for stale ones. */
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
 * Runs a file in which a host may describe its project, and keeps the host from writing.
 *
 * @returns the hosts that {@link registerHost} was called with meanwhile
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
 * What a host calls when it is described.
 *
 * @returns whether somebody collects hosts: then it must not write until {@link Host.write}
 */
export function registerHost(host: Host): boolean {
  program[key]?.push(host)
  return program[key] !== undefined
}
