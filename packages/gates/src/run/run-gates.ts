import type { KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { nearest, type Stack, UserError } from '@erlmcp/core'
import { exportBase } from '../bench/base.ts'
import { findGates } from '../find.ts'
import { type GateValue, inOrder, neededBy } from '../gate.ts'
import type { Gates } from '../gates.ts'
import { evidenceFolder, folders } from '../paths.ts'
import { gitFacts } from '../receipt/facts.ts'
import type { GitFacts, ImageFacts } from '../receipt/receipt.ts'
import type { Appended } from '../receipt/store.ts'
import type { GateResult } from '../verdict.ts'
import { buildImages, imagesOf, otpOf } from './images.ts'
import { removeLeftovers } from './leftovers.ts'
import { hasChanged, writeReceipts } from './receipts.ts'
import {
  baseFolder,
  earlierGreen,
  fingerprintOf,
  folderOf,
  type GateProgress,
  runSession,
  type Session,
} from './session.ts'
import { type Holder, withVolumes } from './volumes.ts'
import { askEngine, makeCache, makeWorkplace, refuseMissing } from './workplace.ts'

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
  /** Private key (Ed25519) that signs the receipts. Default: none. */
  readonly key?: KeyObject
  /** Stops everything: no container of the run is left. */
  readonly signal?: AbortSignal
  on?(progress: GateProgress): void
}

/** A run of gates, judged. */
export interface GatesRun {
  /** Whether every gate is green, on a project that stayed as it was. */
  readonly ok: boolean
  /** Whether a file was changed while the gates ran: then nobody knows what they have judged. */
  readonly changed: boolean
  readonly results: readonly GateResult[]
  /** One for each gate that ran in this run. */
  readonly receipts: readonly Appended[]
  readonly project: string
  readonly git: GitFacts
  /** Version of the engine. */
  readonly engine: string
  /** Version of Erlang/OTP in the image. */
  readonly otp: string | null
  /** Images that the gates ran in. */
  readonly images: readonly ImageFacts[]
}

/**
 * Runs the gates of a stack on the engine, in the order of what they need, as many at once as it has
 * CPUs, and judges what they leave behind. The stack's files must have been synthesized.
 *
 * @throws UserError when there is no engine, the image does not build, a source is missing, a name
 * is not a gate's, or the folder of the cache cannot be made
 * @example
 * const { ok, results } = await runGates(stack, { root: '.' })
 */
export async function runGates(stack: Stack, options: RunGatesOptions): Promise<GatesRun> {
  const root = resolve(options.root)
  const { gates, file, project } = findGates(stack)
  const named = (options.only ?? gates.gates.map(({ name }) => name)).map((name) =>
    gateCalled(gates, name),
  )
  const chosen = inOrder(named)
  refuseMissing(root, gates.sources)
  const { engine, cpus } = await askEngine(root)
  await makeWorkplace(root)
  if (options.cache !== undefined) makeCache(root, options.cache)
  await removeLeftovers(root, project)
  const on = options.on ?? (() => undefined)
  const began = Date.now()
  const wanted = imagesOf(gates, chosen)
  on({ kind: 'building', images: wanted.map(({ name }) => name) })
  const images = await buildImages(root, file, wanted, options.signal)
  const session: Session = {
    ...{ root, file, project, gates: chosen, sources: gates.sources, on },
    dockerfiles: wanted.map(({ dockerfile }) => dockerfile),
    parallel: options.parallel ?? cpus,
    base: options.base !== undefined && chosen.some(({ spec }) => spec.base),
    reusable: new Set(options.reuse ? reusableOf(chosen, named) : []),
    signal: options.signal,
    began,
  }
  const git = gitFacts(root)
  const files = filesSeen(session)
  await fill(session, options)
  const results = await runSession(session)
  if (options.cache !== undefined) await keepCache(session, options.cache)
  // git tells of every file, and the files of the gates are told where there is no git.
  const changed = hasChanged(root, git) || filesSeen(session) !== files
  const ok = !changed && results.every(({ verdict }) => verdict === 'green')
  const otp = await otpOf(root, images[0]!.image)
  const facts = { project: stack.name, git, engine, otp }
  const ran = results
    .map((result, index) => ({ result, gate: chosen[index]! }))
    .filter(({ result }) => result.started >= began && result.ending.kind !== 'blocked')
    .map(({ result, gate }) => ({
      result,
      image: images.find(({ services }) => services.includes(gate.spec.service))!.image,
      folder: folderOf(root, gate),
    }))
  const receipts = await writeReceipts(root, facts, ran, options.key)
  return { ok, changed, results, receipts, ...facts, images: images.map(({ image }) => image) }
}

function gateCalled({ gates }: Gates, name: string): GateValue {
  const found = gates.find((one) => one.name === name)
  if (found) return found
  const names = gates.map((one) => one.name)
  const meant = nearest(name, names)
  throw new UserError({
    what: `there is no gate ${JSON.stringify(name)}`,
    help: `${meant ? `Did you mean ${meant}? ` : ''}There are ${names.join(', ')}.`,
  })
}

function filesSeen(session: Session): string {
  return session.gates.map((gate) => fingerprintOf(session, gate)).join()
}

/** A gate that builds always runs: the others begin with what it has built. */
function reusableOf(chosen: readonly GateValue[], named: readonly GateValue[]): GateValue[] {
  const needed = new Set(chosen.flatMap(neededBy))
  return chosen.filter((one) => needed.has(one) && !named.includes(one) && !one.spec.builds)
}

const cacheName = 'cache'

/** Puts into the volumes what the run needs from the host: caches, evidence, a base revision. */
async function fill(session: Session, { cache, base }: RunGatesOptions): Promise<void> {
  const { root } = session
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
    if ((await earlierGreen(session, gate)) === undefined) continue
    const to = `${folders.evidence}/${gate.name}`
    steps.push((holder) => holder.put(join(from, 'evidence'), to))
  }
  if (steps.length === 0) return
  await withVolumes(session, async (holder) => {
    for (const step of steps) await step(holder)
  })
}

async function keepCache(session: Session, cache: string): Promise<void> {
  const to = join(resolve(session.root, cache), cacheName)
  await withVolumes(session, (holder) => holder.take(folders.cache, to))
}
