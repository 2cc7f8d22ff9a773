import { existsSync, lstatSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { lock, UserError, validateNoLinks, writeInPlace } from '@erlmcp/core'
import { docker, inTime } from './docker.ts'

/** What gates run on. */
export interface Engine {
  readonly engine: string
  /** How many CPUs it has. */
  readonly cpus: number
}

/** @throws UserError with what docker said, when there is no engine behind it */
export async function askEngine(root: string): Promise<Engine> {
  const format = '{{.ServerVersion}} {{.NCPU}}'
  const { code, stdout, stderr } = await docker(['info', '--format', format], root, inTime())
  const [engine = '', cpus] = stdout.trim().split(' ')
  if (code === 0 && Number(cpus) >= 1) return { engine, cpus: Number(cpus) }
  throw new UserError({
    message: 'docker reaches no engine, and gates run nowhere else',
    hint: stderr.trim() || 'Start it, and look with `docker info`.',
    kind: 'environment',
  })
}

/** @throws UserError for what gates are to see and is not there: docker would make a folder of it */
export function refuseMissing(root: string, sources: readonly string[]): void {
  const missing = sources.filter((path) => !existsSync(join(root, path)))
  if (missing.length === 0) return
  const are = missing.length === 1 ? 'is' : 'are'
  throw new UserError({
    message: `gates see ${missing.join(' and ')}, which ${are} not there`,
    hint: "Make it, or say what there is: gates(…, { sources: ['src', 'rebar.config'] }).",
  })
}

/**
 * Makes the folder that runs leave evidence in, where git does not look.
 *
 * @throws UserError for a link on the way: what is removed and written there would be elsewhere
 */
export async function makeWorkplace(root: string, evidence: string): Promise<void> {
  const held = await lock(root)
  held.release()
  validateNoLinks(root, evidence)
  const folder = join(root, evidence)
  const stat = lstatSync(folder, { throwIfNoEntry: false })
  if (stat && !stat.isDirectory()) {
    throw new UserError({
      message: `${evidence} is no folder`,
      hint: 'Remove it: runs of gates write and remove there.',
    })
  }
  writeInPlace(evidence, () => mkdirSync(folder, { recursive: true }))
}

/** Makes the folder of the caches before anything runs: the run would be lost with it. */
export function makeCache(root: string, cache: string): void {
  writeInPlace(cache, () => mkdirSync(resolve(root, cache), { recursive: true }))
}
