import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { tailOf } from '../evidence/tail.ts'
import type { GateValue } from '../gate.ts'
import { type Ending, type GateResult, verdictOf } from '../verdict.ts'
import { evidenceIn } from './evidence-folder.ts'

/** A gate that ran, or did not, before its evidence is judged. */
export interface GateRun {
  readonly gate: GateValue
  readonly ending: Ending
  /** When it started, in milliseconds since 1970. */
  readonly started: number
  readonly seconds: number
  /** Absolute folder of its output and evidence. */
  readonly folder: string
}

/** Reads what a gate has left behind, and judges it. */
export async function judge(run: GateRun, sources: readonly string[]): Promise<GateResult> {
  const { gate, ending, started, seconds, folder } = run
  const ran = ending.kind !== 'blocked' && ending.kind !== 'refused'
  const evidence = evidenceIn(folder)
  const readings = ran
    ? await Promise.all((gate.spec.evidence ?? []).map((reader) => reader.read(evidence)))
    : []
  const { service, command } = gate.spec
  const output = ran ? await tailOf(evidence.output) : ''
  const ended = { name: gate.name, service, command, started, seconds, ending, output }
  return verdictOf(ended, readings, { sources })
}

/** Files of the repository that a gate sees, for places of modules. */
export function filesOf(root: string, sources: readonly string[]): string[] {
  return sources.flatMap((source) => {
    const full = join(root, source)
    try {
      return readdirSync(full, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    } catch {
      // A file, or nothing: the mount says so when it is missing.
      return [source]
    }
  })
}

const resultFile = 'result.json'

/** Puts beside the evidence of a green gate what it is evidence of: another job may build on it. */
export function keepResult(folder: string, fingerprint: string, result: GateResult): void {
  const { started, seconds } = result
  const text = JSON.stringify({ format: 1, fingerprint, started, seconds }, null, 2)
  writeFileSync(join(folder, resultFile), `${text}\n`)
}

/**
 * The earlier run of the very same gate on the very same files, where it was green. Its evidence is
 * to be judged again: nobody's word is taken for it.
 *
 * @param before milliseconds since 1970: when this run began
 */
export function earlierRun(
  gate: GateValue,
  folder: string,
  fingerprint: string,
  before: number,
): GateRun | undefined {
  try {
    const kept = JSON.parse(readFileSync(join(folder, resultFile), 'utf8'))
    const { format, started, seconds } = kept
    const same = format === 1 && kept.fingerprint === fingerprint
    if (!same || !(started > 0 && started < before) || !(seconds >= 0 && seconds < 1e6)) return
    return { gate, folder, started, seconds, ending: { kind: 'exit', code: 0 } }
  } catch {
    return undefined
  }
}
