import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { GateValue } from '../gate.ts'
import { folders } from '../paths.ts'
import type { GateResult } from '../verdict.ts'
import { runContainer } from './container.ts'
import type { Dependencies } from './dependencies.ts'
import { type Evaluated, evaluateRun, filesOf, type GateRun } from './evaluate.ts'
import { resetFolder } from './evidence-folder.ts'
import { fingerprint, type Snapshot, snapshot } from './fingerprint.ts'
import { labelsOf, removeOwn } from './leftovers.ts'
import { keepResult, readKeptResult } from './reuse.ts'
import { schedule } from './schedule.ts'

export type GateProgress =
  /** This run waits for another one in the same project. */
  | { readonly kind: 'waiting'; readonly holder: string }
  | { readonly kind: 'building'; readonly images: readonly string[] }
  /** Services that gates depend on are starting. */
  | { readonly kind: 'preparing'; readonly services: readonly string[] }
  | { readonly kind: 'started'; readonly gate: GateValue }
  | { readonly kind: 'output'; readonly gate: GateValue; readonly text: string }
  | { readonly kind: 'ended'; readonly gate: GateValue; readonly result: GateResult }

/** A run, before its first gate starts. */
export interface Session {
  /** Absolute folder of the project. */
  readonly root: string
  /** Folder of the evidence, relative to the root. */
  readonly evidence: string
  readonly dependencies: Dependencies
  /** Name in the labels of the containers: the compose project and the set. */
  readonly project: string
  /** In topological order, with all gates that they need. */
  readonly gates: readonly GateValue[]
  /** Files and folders of the project that the gates see. */
  readonly sources: readonly string[]
  /** Dockerfiles of their images. */
  readonly dockerfiles: readonly string[]
  readonly parallel: number
  /** Whether the volume has the sources of the base revision. */
  readonly base: boolean
  /** Gates that do not run again if their earlier result is still valid. */
  readonly reusable: ReadonlySet<GateValue>
  /** When the run started, in milliseconds since 1970. */
  readonly began: number
  readonly signal: AbortSignal | undefined
  on(progress: GateProgress): void
}

/** Folder of the base revision, in the volume of the build. */
export const baseFolder = `${folders.build}/base`

export function folderOf({ root, evidence }: Session, gate: GateValue): string {
  return join(root, evidence, gate.name)
}

/** The files that a gate depends on. */
export function snapshotOf(session: Session, gate: GateValue): Snapshot {
  const generated = (gate.spec.files ?? []).map(({ path }) => path)
  return snapshot(session.root, [...session.sources, ...session.dockerfiles, ...generated])
}

function fingerprintOf(session: Session, gate: GateValue): string {
  return fingerprint(snapshotOf(session, gate), gate)
}

/** Runs the gates of a session. No container outlives the call, even when it fails. */
export async function runSession(session: Session): Promise<Evaluated[]> {
  const { root, gates, parallel, on } = session
  const files = filesOf(root, session.sources)
  const run = `${Date.now().toString(36)}${randomBytes(3).toString('hex')}`
  try {
    return await schedule(gates, {
      parallel,
      hasPassed: ({ result }) => result.verdict === 'passed',
      run: async (gate, unmet) => {
        const before = fingerprintOf(session, gate)
        const known = await reusableResult(session, gate)
        const evaluated =
          known ?? (await evaluateRun(await attempt(session, run, gate, unmet), files))
        const { result } = evaluated
        // If a file changed meanwhile, the result belongs to neither version.
        const isStable = result.verdict === 'passed' && fingerprintOf(session, gate) === before
        if (!known && isStable) keepResult(folderOf(session, gate), before, result)
        on({ kind: 'ended', gate, result })
        return evaluated
      },
    })
  } finally {
    await removeOwn(root)
    await session.dependencies.remove()
  }
}

/** The earlier result of a gate, evaluated again, if it may be reused and still passes. */
export async function reusableResult(
  session: Session,
  gate: GateValue,
): Promise<Evaluated | undefined> {
  if (!session.reusable.has(gate)) return undefined
  const { root, sources, began } = session
  const run = readKeptResult(gate, folderOf(session, gate), fingerprintOf(session, gate), began)
  const evaluated = run && (await evaluateRun(run, filesOf(root, sources)))
  return evaluated?.result.verdict === 'passed' ? evaluated : undefined
}

async function attempt(
  session: Session,
  run: string,
  gate: GateValue,
  unmet: readonly GateValue[],
): Promise<GateRun> {
  const { root, dependencies, signal, on } = session
  const folder = folderOf(session, gate)
  const before = { gate, started: Date.now(), folder, seconds: 0, whole: true }
  resetFolder(folder)
  if (unmet.length > 0) {
    return { ...before, ending: { kind: 'blocked', by: unmet.map(({ name }) => name) } }
  }
  const stopped = {
    kind: 'not-started',
    why: 'the run was stopped before the gate started',
  } as const
  if (signal?.aborted) return { ...before, ending: stopped }
  const unready = await dependencies.ready(gate.spec.service)
  if (signal?.aborted) return { ...before, ending: stopped }
  if (unready !== undefined) return { ...before, ending: { kind: 'not-started', why: unready } }
  on({ kind: 'started', gate })
  const { base } = gate.spec
  const started = Date.now()
  const ended = await runContainer({
    ...{ gate, root, run, folder, labels: labelsOf(session.project) },
    compose: dependencies.compose,
    signal,
    environment: session.base && base ? { [base.variable]: baseFolder } : {},
    on: (text) => on({ kind: 'output', gate, text }),
  })
  return { ...before, ...ended, started, seconds: (Date.now() - started) / 1000 }
}
