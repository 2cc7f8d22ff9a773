import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { GateValue } from '../gate.ts'
import { folders } from '../paths.ts'
import type { GateResult } from '../verdict.ts'
import { runContainer } from './container.ts'
import type { Dependencies } from './dependencies.ts'
import {
  filesOf,
  type GateRun,
  type Judged,
  judge,
  keepResult,
  readKeptResult,
} from './evaluate.ts'
import { emptyFolder } from './evidence-folder.ts'
import { fingerprint, type Snapshot, snapshot } from './fingerprint.ts'
import { labelsOf, removeOwn } from './leftovers.ts'
import { schedule } from './schedule.ts'

export type GateProgress =
  /** Another run works in this project: this one waits for it. */
  | { readonly kind: 'waiting'; readonly holder: string }
  | { readonly kind: 'building'; readonly images: readonly string[] }
  /** What gates depend on is being started. */
  | { readonly kind: 'preparing'; readonly services: readonly string[] }
  | { readonly kind: 'started'; readonly gate: GateValue }
  | { readonly kind: 'said'; readonly gate: GateValue; readonly text: string }
  | { readonly kind: 'ended'; readonly gate: GateValue; readonly result: GateResult }

/** Everything that is settled before the first gate starts. */
export interface Session {
  /** Absolute folder of the project. */
  readonly root: string
  /** Folder of the set's evidence, relative to the root. */
  readonly evidence: string
  readonly dependencies: Dependencies
  /** Name of the compose project, which the volumes belong to. */
  readonly project: string
  /** Each after what it needs, with all that it needs. */
  readonly gates: readonly GateValue[]
  /** What they see of the project. */
  readonly sources: readonly string[]
  /** Files that their image is built from. */
  readonly dockerfiles: readonly string[]
  readonly parallel: number
  /** Whether the volume has the sources of a base revision. */
  readonly base: boolean
  /** Gates that need not run again where an earlier green result is the very same. */
  readonly reusable: ReadonlySet<GateValue>
  /** When the run began, in milliseconds since 1970. */
  readonly began: number
  readonly signal: AbortSignal | undefined
  on(progress: GateProgress): void
}

/** Sources of a base revision, in the volume that gates build in. */
export const baseFolder = `${folders.build}/base`

export function folderOf({ root, evidence }: Session, gate: GateValue): string {
  return join(root, evidence, gate.name)
}

/** What is at the paths that a gate sees. */
export function seenBy(session: Session, gate: GateValue): Snapshot {
  const generated = (gate.spec.files ?? []).map(({ path }) => path)
  return snapshot(session.root, [...session.sources, ...session.dockerfiles, ...generated])
}

function fingerprintOf(session: Session, gate: GateValue): string {
  return fingerprint(seenBy(session, gate), gate)
}

/** Runs the gates of a session. No container outlives the call, however it ends. */
export async function runSession(session: Session): Promise<Judged[]> {
  const { root, gates, parallel, on } = session
  const files = filesOf(root, session.sources)
  const run = `${Date.now().toString(36)}${randomBytes(3).toString('hex')}`
  try {
    return await schedule(gates, {
      parallel,
      hasPassed: ({ result }) => result.verdict === 'green',
      run: async (gate, red) => {
        const before = fingerprintOf(session, gate)
        const known = await reusableResult(session, gate)
        const judged = known ?? (await judge(await attempt(session, run, gate, red), files))
        const { result } = judged
        // Of files that were changed meanwhile nobody knows which it is the result of.
        const kept = !known && result.verdict === 'green' && fingerprintOf(session, gate) === before
        if (kept) keepResult(folderOf(session, gate), before, result)
        on({ kind: 'ended', gate, result })
        return judged
      },
    })
  } finally {
    await removeOwn(root)
    await session.dependencies.remove()
  }
}

/** What the evidence of an earlier run says, where that may be used and is green. */
export async function reusableResult(
  session: Session,
  gate: GateValue,
): Promise<Judged | undefined> {
  if (!session.reusable.has(gate)) return undefined
  const { root, sources, began } = session
  const run = readKeptResult(gate, folderOf(session, gate), fingerprintOf(session, gate), began)
  const judged = run && (await judge(run, filesOf(root, sources)))
  return judged?.result.verdict === 'green' ? judged : undefined
}

async function attempt(
  session: Session,
  run: string,
  gate: GateValue,
  red: readonly GateValue[],
): Promise<GateRun> {
  const { root, dependencies, signal, on } = session
  const folder = folderOf(session, gate)
  const before = { gate, started: Date.now(), folder, seconds: 0, whole: true }
  emptyFolder(folder)
  if (red.length > 0) {
    return { ...before, ending: { kind: 'blocked', by: red.map(({ name }) => name) } }
  }
  const stopped = { kind: 'refused', why: 'the run was stopped before it' } as const
  if (signal?.aborted) return { ...before, ending: stopped }
  const unready = await dependencies.ready(gate.spec.service)
  if (signal?.aborted) return { ...before, ending: stopped }
  if (unready !== undefined) return { ...before, ending: { kind: 'refused', why: unready } }
  on({ kind: 'started', gate })
  const { base } = gate.spec
  const started = Date.now()
  const ended = await runContainer({
    ...{ gate, root, run, folder, labels: labelsOf(session.project) },
    compose: dependencies.compose,
    signal,
    environment: session.base && base ? { [base.variable]: baseFolder } : {},
    on: (text) => on({ kind: 'said', gate, text }),
  })
  return { ...before, ...ended, started, seconds: (Date.now() - started) / 1000 }
}
