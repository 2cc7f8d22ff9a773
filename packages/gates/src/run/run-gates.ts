import { existsSync } from 'node:fs'
import { join, posix, resolve } from 'node:path'
import { type BuiltImage, type Stack, UserError } from '@erlmcp/core'
import { exportBase } from '../bench/base.ts'
import { findGates } from '../find.ts'
import { type GateValue, inOrder, neededBy } from '../gate.ts'
import type { Gates } from '../gates.ts'
import { folders } from '../script.ts'
import type { GateResult } from '../verdict.ts'
import { docker, mustDocker } from './docker.ts'
import { earlierGreen } from './judge.ts'
import { removeLeftovers } from './leftovers.ts'
import {
  baseFolder,
  evidenceFolder,
  fingerprintOf,
  folderOf,
  type GateProgress,
  runSession,
  type Session,
} from './session.ts'
import { type Holder, withVolumes } from './volumes.ts'

export interface RunGatesOptions {
  /** Folder of the project. */
  readonly root: string
  /** Names of the gates to run; what they need runs too. Default: every gate. */
  readonly only?: readonly string[]
  /** How many run at once. Default: as many as the engine has CPUs. */
  readonly parallel?: number
  /** Revision that gates like `bench` compare with, such as `origin/main`. Default: none. */
  readonly base?: string
  /**
   * Folder that the caches of the gates (PLTs, packages) come from and go to, for a machine that
   * has no volumes yet, as in CI. Default: the volumes alone.
   */
  readonly cache?: string
  /**
   * Whether a gate that another one needs is not run again when its evidence in `.erlmcp/gates` is
   * green, and of the same sources, command and image. Default: false.
   */
  readonly reuse?: boolean
  /** Stops everything: no container of the run is left. */
  readonly signal?: AbortSignal
  on?(progress: GateProgress): void
}

/** A run of gates, judged. */
export interface GatesRun {
  /** Whether every gate is green. */
  readonly ok: boolean
  readonly results: readonly GateResult[]
  /** Version of the engine. */
  readonly engine: string
  /** Images that the gates ran in: name and id. */
  readonly images: readonly { readonly name: string; readonly id: string }[]
}

/**
 * Runs the gates of a stack on the engine, in the order of what they need, as many at once as it has
 * CPUs, and judges what they leave behind. The stack's files must have been synthesized.
 *
 * @throws UserError when there is no engine, the image does not build, or a name is not a gate's
 * @example
 * const { ok, results } = await runGates(stack, { root: '.' })
 */
export async function runGates(stack: Stack, options: RunGatesOptions): Promise<GatesRun> {
  const root = resolve(options.root)
  const { gates, file } = findGates(stack)
  const named = (options.only ?? gates.gates.map(({ name }) => name)).map((name) =>
    gateCalled(gates, name),
  )
  const chosen = inOrder(named)
  const format = '{{.ServerVersion}} {{.NCPU}}'
  const [engine = '', cpus] = (await mustDocker(['info', '--format', format], root)).split(' ')
  await removeLeftovers(root)
  const on = options.on ?? (() => undefined)
  const built = imagesOf(gates, chosen)
  on({ kind: 'building', images: built.map(({ name }) => name) })
  const images = await build(root, file, built)
  const session: Session = {
    ...{ root, file, gates: chosen, sources: gates.sources, on },
    dockerfiles: built.map(({ dockerfile }) => dockerfile),
    parallel: options.parallel ?? Number(cpus),
    base: options.base !== undefined && chosen.some(({ spec }) => spec.base),
    reusable: new Set(options.reuse ? reusableOf(chosen, named) : []),
    signal: options.signal,
  }
  await fill(session, options)
  const results = await runSession(session)
  if (options.cache !== undefined) await keepCache(session, options.cache)
  return { ok: results.every(({ verdict }) => verdict === 'green'), results, engine, images }
}

function gateCalled({ gates }: Gates, name: string): GateValue {
  const found = gates.find((one) => one.name === name)
  if (found) return found
  throw new UserError({
    what: `there is no gate ${JSON.stringify(name)}`,
    help: `There are ${gates.map((one) => one.name).join(', ')}.`,
  })
}

/** A gate that builds always runs: the others begin with what it has built. */
function reusableOf(chosen: readonly GateValue[], named: readonly GateValue[]): GateValue[] {
  const needed = new Set(chosen.flatMap(neededBy))
  return chosen.filter((one) => needed.has(one) && !named.includes(one) && !one.spec.builds)
}

interface ToBuild {
  readonly name: string
  /** One that builds it. */
  readonly service: string
  /** Relative to the project. */
  readonly dockerfile: string
}

/** Each image of the chosen gates once. */
function imagesOf({ services }: Gates, chosen: readonly GateValue[]): ToBuild[] {
  const wanted = new Set(chosen.map(({ spec }) => spec.service))
  const images = new Map<string, ToBuild>()
  for (const { name: service, spec } of services) {
    if (!wanted.has(service)) continue
    const { image: name, build } = spec.build as BuiltImage
    const dockerfile = posix.join(build.context, build.dockerfile)
    images.set(name, { name, service, dockerfile })
  }
  return [...images.values()]
}

async function build(
  root: string,
  file: string,
  images: readonly ToBuild[],
): Promise<GatesRun['images']> {
  const services = images.map(({ service }) => service)
  const words = ['compose', '--file', file, '--profile', 'gates', 'build', ...services]
  const { code, stderr, stdout } = await docker(words, root)
  if (code !== 0) {
    const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n  ')
    throw new UserError({
      what: 'the image that gates run in does not build',
      help: said,
      kind: 'environment',
    })
  }
  const ids = images.map(async ({ name }) => ({
    name,
    id: await mustDocker(['image', 'inspect', '--format', '{{.Id}}', name], root),
  }))
  return Promise.all(ids)
}

const cacheName = 'cache'

/** Puts into the volumes what the run needs from the host: caches, evidence, a base revision. */
async function fill(session: Session, { cache, base }: RunGatesOptions): Promise<void> {
  const { root, gates } = session
  const steps: ((holder: Holder) => Promise<void>)[] = []
  if (cache !== undefined && existsSync(join(resolve(root, cache), cacheName))) {
    steps.push((holder) => holder.put(join(resolve(root, cache), cacheName), folders.cache))
  }
  if (base !== undefined && session.base) {
    const folder = join(root, evidenceFolder, 'base')
    exportBase(root, base, folder)
    steps.push((holder) => holder.put(folder, baseFolder))
  }
  for (const gate of session.reusable) {
    const from = folderOf(root, gate)
    if (earlierGreen(from, fingerprintOf(session, gate)) === undefined) continue
    const to = `${folders.evidence}/${gate.name}`
    steps.push((holder) => holder.put(join(from, 'evidence'), to))
  }
  if (steps.length === 0) return
  await withVolumes(root, session.file, gates[0]!.spec.service, async (holder) => {
    for (const step of steps) await step(holder)
  })
}

async function keepCache({ root, file, gates }: Session, cache: string): Promise<void> {
  const to = join(resolve(root, cache), cacheName)
  const { service } = gates[0]!.spec
  await withVolumes(root, file, service, (holder) => holder.take(folders.cache, to))
}
