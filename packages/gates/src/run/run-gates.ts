import type { KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findSuggestion, type Stack, UserError } from '@erlmcp/core'
import { exportBase } from '../bench/base.ts'
import { type FoundGates, findGates } from '../find-gates.ts'
import { type GateValue, inOrder, neededBy } from '../gate.ts'
import type { Gates } from '../gates.ts'
import { evidenceFolderOf, folders } from '../paths.ts'
import { dirtyFiles, gitFacts } from '../receipt/facts.ts'
import type { GitFacts, ImageFacts } from '../receipt/receipt.ts'
import type { Appended } from '../receipt/store.ts'
import type { GateResult } from '../verdict.ts'
import { dependenciesOf } from './dependencies.ts'
import { changesIn, snapshot } from './fingerprint.ts'
import { buildImages, factsOfImages, imagesOf, otpOf } from './images.ts'
import { labelsOf, removeLeftovers } from './leftovers.ts'
import {
  createCacheFolder,
  createEvidenceFolder,
  readEngine,
  validateSources,
} from './preflight.ts'
import { writeReceipts } from './receipts.ts'
import { lockRun, volumesLockFolder } from './run-lock.ts'
import {
  baseFolder,
  folderOf,
  type GateProgress,
  reusableResult,
  runSession,
  type Session,
  seenBy,
} from './session.ts'
import { type VolumeContainer, withVolumes } from './volumes.ts'

export interface RunGatesOptions {
  /** Folder of the project. */
  readonly root: string
  /** Names of the gates to run; what they need runs too. Default: every gate. */
  readonly only?: readonly string[]
  /** Name of the set, where the stack has several. Default: the only one. */
  readonly set?: string
  /**
   * Whether the image is built before. Default: true. Without it the gates run in the image that is
   * here, such as one that a job before this one has built.
   */
  readonly build?: boolean
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
  /** The files that were changed, as far as they are known. */
  readonly changes: readonly string[]
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
  const found = findGates(stack, options.set)
  const { gates, project } = found
  const named = (options.only ?? gates.gates.map(({ name }) => name)).map((name) =>
    gateCalled(gates, name),
  )
  validateSources(root, gates.sources)
  const { engine, cpus } = await readEngine(root)
  const evidence = evidenceFolderOf(gates.name)
  await createEvidenceFolder(root, evidence)
  if (options.cache !== undefined) createCacheFolder(root, options.cache)
  const { signal, on = () => undefined } = options
  const places = [join(root, evidence), volumesLockFolder(project, gates.name)]
  const release = await lockRun(places, {
    signal,
    onWait: (holder) => on({ kind: 'waiting', holder }),
  })
  try {
    return await runFound(stack, { ...found, named, root, engine, cpus, evidence }, options)
  } finally {
    release()
  }
}

interface Prepared extends FoundGates {
  readonly root: string
  readonly named: readonly GateValue[]
  readonly engine: string
  readonly cpus: number
  readonly evidence: string
}

async function runFound(
  stack: Stack,
  { root, engine, cpus, evidence, named, ...found }: Prepared,
  options: RunGatesOptions,
): Promise<GatesRun> {
  const { gates, file, project } = found
  const { signal, on = () => undefined } = options
  const chosen = inOrder(named)
  await removeLeftovers(root, labelOf(project, gates.name))
  const began = Date.now()
  const wanted = imagesOf(gates, chosen)
  if (options.build !== false) {
    on({ kind: 'building', images: wanted.map(({ name }) => name) })
    await buildImages(root, file, wanted, signal)
  }
  const images = await factsOfImages(root, wanted)
  const dependencies = await dependenciesOf({
    ...{ ...found, root, chosen, signal, labels: labelsOf(labelOf(project, gates.name)) },
    onStart: (services) => on({ kind: 'preparing', services }),
  })
  const session: Session = {
    ...{ root, evidence, dependencies, gates: chosen, sources: gates.sources, on, signal, began },
    project: labelOf(project, gates.name),
    dockerfiles: wanted.flatMap(({ dockerfile }) => dockerfile ?? []),
    parallel: options.parallel ?? cpus,
    base: options.base !== undefined && chosen.some(({ spec }) => spec.base),
    reusable: new Set(options.reuse ? reusableOf(chosen, named) : []),
  }
  const before = projectSnapshot(session)
  await fill(session, options)
  const judged = await runSession(session)
  const results = judged.map(({ result }) => result)
  if (options.cache !== undefined) await keepCache(session, options.cache)
  const changes = changesIn(before.seen, projectSnapshot(session).seen)
  const ok = changes.length === 0 && results.every(({ verdict }) => verdict === 'green')
  const otp = await otpOf(root, images[0]!.image)
  const { git } = before
  const facts = { project: stack.name, git, engine, otp }
  const ran = judged
    .map((one, index) => ({ ...one, gate: chosen[index]! }))
    .filter(({ result }) => result.started >= began && result.ending.kind !== 'blocked')
    .map(({ gate, ...one }) => ({
      ...one,
      image: images.find(({ services }) => services.includes(gate.spec.service))!.image,
    }))
  const receipts = await writeReceipts(root, facts, ran, options.key)
  return {
    ...{ ok, changed: changes.length > 0, changes, results, receipts, ...facts },
    images: images.map(({ image }) => image),
  }
}

/** The gates of two sets have two volumes, and may run at once. */
function labelOf(project: string, set: string): string {
  return set === 'gates' ? project : `${project}-${set}`
}

/** Everything that the run is about: what its gates see, and what git knows of the rest. */
function projectSnapshot(session: Session) {
  const git = gitFacts(session.root)
  const seen = new Map(session.gates.flatMap((gate) => [...seenBy(session, gate)]))
  for (const path of dirtyFiles(session.root)) {
    if (!seen.has(path))
      for (const [name, hash] of snapshot(session.root, [path])) seen.set(name, hash)
  }
  if (git.commit !== null) seen.set('HEAD', git.commit)
  return { git, seen }
}

function gateCalled({ gates }: Gates, name: string): GateValue {
  const found = gates.find((one) => one.name === name)
  if (found) return found
  const names = gates.map((one) => one.name)
  const meant = findSuggestion(name, names)
  throw new UserError({
    message: `there is no gate ${JSON.stringify(name)}`,
    hint: `${meant ? `Did you mean ${meant}? ` : ''}There are ${names.join(', ')}.`,
  })
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
  const steps: ((holder: VolumeContainer) => Promise<void>)[] = []
  if (cache !== undefined && existsSync(join(resolve(root, cache), cacheName))) {
    steps.push((holder) => holder.put(join(resolve(root, cache), cacheName), folders.cache))
  }
  if (base !== undefined && session.base) {
    const folder = join(root, session.evidence, 'base')
    exportBase(root, base, folder)
    steps.push((holder) => holder.put(folder, baseFolder))
  }
  for (const gate of session.reusable) {
    const from = folderOf(session, gate)
    if ((await reusableResult(session, gate)) === undefined) continue
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
