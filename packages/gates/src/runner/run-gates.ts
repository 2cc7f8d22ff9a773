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
import type { AppendedReceipt } from '../receipt/store.ts'
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
  snapshotOf,
} from './session.ts'
import { withVolumes } from './volumes.ts'

export interface RunGatesOptions {
  /** Folder of the project. */
  readonly root: string
  /** Names of the gates to run; those that they need run too. Default: every gate. */
  readonly only?: readonly string[]
  /** Name of the set. Default: the only one of the stack. */
  readonly set?: string
  /**
   * Whether to build the image first. Default: true. Otherwise the gates run in the existing image,
   * such as one that an earlier job built.
   */
  readonly build?: boolean
  /** How many gates run at once. Default: the number of CPUs of the engine. */
  readonly parallel?: number
  /** Revision that the gate `bench` compares with, such as `origin/main`. Default: none. */
  readonly base?: string
  /**
   * Folder to restore the caches of the gates (PLTs, packages) from and save them to, for CI machines
   * that keep no volumes. Default: none, only the volumes.
   */
  readonly cache?: string
  /**
   * Whether to reuse the evidence in `.erlmcp/gates` of a gate that another one needs, if it passed
   * with the same sources, command and image. Default: false.
   */
  readonly reuse?: boolean
  /** Private key (Ed25519) that signs the receipts. Default: none, they are unsigned. */
  readonly key?: KeyObject
  /** Stops the run and removes its containers. */
  readonly signal?: AbortSignal
  on?(progress: GateProgress): void
}

/** The result of a run. */
export interface GatesRun {
  /** Whether every gate passed and no file of the project changed meanwhile. */
  readonly ok: boolean
  /** Whether a file changed while the gates ran: then the verdicts belong to neither version. */
  readonly changed: boolean
  /** The changed files, and `HEAD` for another commit. */
  readonly changes: readonly string[]
  readonly results: readonly GateResult[]
  /** One for each gate that ran. */
  readonly receipts: readonly AppendedReceipt[]
  readonly project: string
  readonly git: GitFacts
  /** Version of the engine. */
  readonly engine: string
  /** Version of Erlang/OTP in the first image; null if unknown. */
  readonly otp: string | null
  /** Images that the gates ran in. */
  readonly images: readonly ImageFacts[]
}

/**
 * Runs the gates of a stack on the engine in topological order, several at once, and evaluates what
 * they leave behind. The files of the stack must have been synthesized.
 *
 * @throws UserError without an engine, for an image that does not build, a missing source, an unknown
 * gate or set, or a cache folder that is not writable
 * @example
 * const { ok, results } = await runGates(stack, { root: '.' })
 */
export async function runGates(stack: Stack, options: RunGatesOptions): Promise<GatesRun> {
  const root = resolve(options.root)
  const found = findGates(stack, options.set)
  const { gates, project } = found
  const named = (options.only ?? gates.gates.map(({ name }) => name)).map((name) =>
    findGate(gates, name),
  )
  validateSources(root, gates.sources)
  const { engine, cpus } = await readEngine(root)
  const evidence = evidenceFolderOf(gates.name)
  await createEvidenceFolder(root, evidence)
  if (options.cache !== undefined) createCacheFolder(root, options.cache)
  const { signal, on = () => undefined } = options
  const locked = [join(root, evidence), volumesLockFolder(project, gates.name)]
  const release = await lockRun(locked, {
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
  const evaluated = await runSession(session)
  const results = evaluated.map(({ result }) => result)
  if (options.cache !== undefined) await keepCache(session, options.cache)
  const changes = changesIn(before.files, projectSnapshot(session).files)
  const ok = changes.length === 0 && results.every(({ verdict }) => verdict === 'passed')
  const otp = await otpOf(root, images[0]!.image)
  const { git } = before
  const facts = { project: stack.name, git, engine, otp }
  const ran = evaluated
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

/** Sets have their own volumes, and may run at the same time. */
function labelOf(project: string, set: string): string {
  return set === 'gates' ? project : `${project}-${set}`
}

/** The files that the gates see, and the files that differ from the commit. */
function projectSnapshot(session: Session) {
  const git = gitFacts(session.root)
  const files = new Map(session.gates.flatMap((gate) => [...snapshotOf(session, gate)]))
  for (const path of dirtyFiles(session.root)) {
    if (!files.has(path))
      for (const [name, hash] of snapshot(session.root, [path])) files.set(name, hash)
  }
  if (git.commit !== null) files.set('HEAD', git.commit)
  return { git, files }
}

function findGate({ gates }: Gates, name: string): GateValue {
  const found = gates.find((one) => one.name === name)
  if (found) return found
  const names = gates.map((one) => one.name)
  const suggestion = findSuggestion(name, names)
  throw new UserError({
    message: `unknown gate ${JSON.stringify(name)}`,
    hint: `${suggestion ? `Did you mean ${suggestion}? ` : ''}Use one of ${names.join(', ')}.`,
  })
}

/** A gate that builds always runs, since the others start with its build. */
function reusableOf(chosen: readonly GateValue[], named: readonly GateValue[]): GateValue[] {
  const needed = new Set(chosen.flatMap(neededBy))
  return chosen.filter((one) => needed.has(one) && !named.includes(one) && !one.spec.builds)
}

const cacheName = 'cache'

/** Copies caches, reused evidence and the base revision into the volumes. */
async function fill(session: Session, { cache, base }: RunGatesOptions): Promise<void> {
  const { root } = session
  const copies: [from: string, to: string][] = []
  if (cache !== undefined && existsSync(join(resolve(root, cache), cacheName))) {
    copies.push([join(resolve(root, cache), cacheName), folders.cache])
  }
  if (base !== undefined && session.base) {
    const folder = join(root, session.evidence, 'base')
    exportBase(root, base, folder)
    copies.push([folder, baseFolder])
  }
  for (const gate of session.reusable) {
    if ((await reusableResult(session, gate)) === undefined) continue
    const from = join(folderOf(session, gate), 'evidence')
    copies.push([from, `${folders.evidence}/${gate.name}`])
  }
  if (copies.length === 0) return
  await withVolumes(session, async (container) => {
    for (const [from, to] of copies) await container.upload(from, to)
  })
}

async function keepCache(session: Session, cache: string): Promise<void> {
  const to = join(resolve(session.root, cache), cacheName)
  await withVolumes(session, (container) => container.download(folders.cache, to))
}
