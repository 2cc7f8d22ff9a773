import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { GateValue } from '../gate.ts'
import { evidenceFolder, folders } from '../paths.ts'
import type { GateResult } from '../verdict.ts'
import { runContainer } from './container.ts'
import { emptyFolder } from './evidence-folder.ts'
import { fingerprint } from './fingerprint.ts'
import { earlierRun, filesOf, type GateRun, judge, keepResult } from './judge.ts'
import { labelsOf, removeOwn } from './leftovers.ts'
import { schedule } from './schedule.ts'

export type GateProgress =
  | { readonly kind: 'building'; readonly images: readonly string[] }
  | { readonly kind: 'started'; readonly gate: GateValue }
  | { readonly kind: 'said'; readonly gate: GateValue; readonly text: string }
  | { readonly kind: 'ended'; readonly gate: GateValue; readonly result: GateResult }

/** Everything that is settled before the first gate starts. */
export interface Session {
  /** Absolute folder of the project. */
  readonly root: string
  /** Compose file that has the services, relative to the root. */
  readonly file: string
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

export function folderOf(root: string, gate: GateValue): string {
  return join(root, evidenceFolder, gate.name)
}

export function fingerprintOf(session: Session, gate: GateValue): string {
  const generated = (gate.spec.files ?? []).map(({ path }) => path)
  const paths = [...session.sources, ...session.dockerfiles, ...generated]
  return fingerprint(session.root, paths, gate)
}

/** Runs the gates of a session. No container outlives the call, however it ends. */
export async function runSession(session: Session): Promise<GateResult[]> {
  const { root, gates, parallel, on } = session
  const files = filesOf(root, session.sources)
  const run = `${Date.now().toString(36)}${randomBytes(3).toString('hex')}`
  try {
    return await schedule(gates, {
      parallel,
      isGreen: ({ verdict }) => verdict === 'green',
      run: async (gate, red) => {
        const before = fingerprintOf(session, gate)
        const known = await earlierGreen(session, gate)
        const result = known ?? (await judge(await attempt(session, run, gate, red), files))
        // Of files that were changed meanwhile nobody knows which it is the result of.
        const kept = !known && result.verdict === 'green' && fingerprintOf(session, gate) === before
        if (kept) keepResult(folderOf(root, gate), before, result)
        on({ kind: 'ended', gate, result })
        return result
      },
    })
  } finally {
    await removeOwn(root)
  }
}

/** What the evidence of an earlier run says, where that may be used and is green. */
export async function earlierGreen(
  session: Session,
  gate: GateValue,
): Promise<GateResult | undefined> {
  if (!session.reusable.has(gate)) return undefined
  const { root, sources, began } = session
  const run = earlierRun(gate, folderOf(root, gate), fingerprintOf(session, gate), began)
  const result = run && (await judge(run, filesOf(root, sources)))
  return result?.verdict === 'green' ? result : undefined
}

async function attempt(
  session: Session,
  run: string,
  gate: GateValue,
  red: readonly GateValue[],
): Promise<GateRun> {
  const { root, file, signal, on } = session
  const folder = folderOf(root, gate)
  const started = Date.now()
  const common = { gate, started, folder, seconds: 0 }
  emptyFolder(folder)
  if (red.length > 0) {
    return { ...common, ending: { kind: 'blocked', by: red.map(({ name }) => name) } }
  }
  if (signal?.aborted) {
    return { ...common, ending: { kind: 'refused', why: 'the run was stopped before it' } }
  }
  on({ kind: 'started', gate })
  const { base } = gate.spec
  const ending = await runContainer({
    ...{ gate, root, file, run, folder, labels: labelsOf(session.project) },
    signal,
    environment: session.base && base ? { [base.variable]: baseFolder } : {},
    on: (text) => on({ kind: 'said', gate, text }),
  })
  return { ...common, ending, seconds: (Date.now() - started) / 1000 }
}
