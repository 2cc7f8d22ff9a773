import { existsSync, lstatSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { lock, UserError, validateNoLinks, writeInPlace } from '@erlmcp/core'
import { runDocker } from '@erlmcp/docker'
import { shortTimeout } from './engine.ts'

/** The engine that gates run on. */
export interface Engine {
  readonly engine: string
  /** Its number of CPUs. */
  readonly cpus: number
}

/** @throws UserError if docker reaches no engine */
export async function readEngine(root: string): Promise<Engine> {
  const format = '{{.ServerVersion}} {{.NCPU}}'
  const options = { cwd: root, signal: shortTimeout(), detached: true }
  const { exitCode, stdout, stderr } = await runDocker(['info', '--format', format], options)
  const [engine = '', cpus] = stdout.trim().split(' ')
  if (exitCode === 0 && Number(cpus) >= 1) return { engine, cpus: Number(cpus) }
  throw new UserError({
    message: 'docker reaches no engine',
    hint: stderr.trim() || 'Start the engine, then check it with `docker info`.',
    kind: 'environment',
  })
}

/** @throws UserError for a missing source: docker would create a folder in its place */
export function validateSources(root: string, sources: readonly string[]): void {
  const missing = sources.filter((path) => !existsSync(join(root, path)))
  if (missing.length === 0) return
  throw new UserError({
    message: `missing sources of the gates: ${missing.join(', ')}`,
    hint: "Create them, or list the existing ones: gates(…, { sources: ['src', 'rebar.config'] }).",
  })
}

/**
 * Creates the folder of the evidence, which git ignores.
 *
 * @throws UserError for a link in its path: a run removes and writes files there
 */
export async function createEvidenceFolder(root: string, evidence: string): Promise<void> {
  const held = await lock(root)
  held.release()
  validateNoLinks(root, evidence)
  const folder = join(root, evidence)
  const stat = lstatSync(folder, { throwIfNoEntry: false })
  if (stat && !stat.isDirectory()) {
    throw new UserError({
      message: `${evidence} is not a folder`,
      hint: 'Remove the file: gates write their evidence there.',
    })
  }
  writeInPlace(evidence, () => mkdirSync(folder, { recursive: true }))
}

/** Creates the folder of the caches before anything runs, so that an error comes early. */
export function createCacheFolder(root: string, cache: string): void {
  writeInPlace(cache, () => mkdirSync(resolve(root, cache), { recursive: true }))
}
