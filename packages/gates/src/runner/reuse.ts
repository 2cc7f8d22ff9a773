import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GateValue } from '../gate.ts'
import type { GateResult } from '../verdict.ts'
import type { GateRun } from './evaluate.ts'

const resultFile = 'result.json'

/** Writes beside the evidence of a gate that passed what the result depends on. */
export function keepResult(folder: string, fingerprint: string, result: GateResult): void {
  const { started, seconds } = result
  const text = JSON.stringify({ format: 1, fingerprint, started, seconds }, null, 2)
  writeFileSync(join(folder, resultFile), `${text}\n`)
}

/**
 * The earlier run of the same gate on the same files, if it passed. Its evidence must be evaluated
 * again: the file alone proves nothing.
 *
 * @param before milliseconds since 1970: the start of this run
 */
export function readKeptResult(
  gate: GateValue,
  folder: string,
  fingerprint: string,
  before: number,
): GateRun | undefined {
  try {
    const kept = JSON.parse(readFileSync(join(folder, resultFile), 'utf8'))
    const { format, started, seconds } = kept
    const isSame = format === 1 && kept.fingerprint === fingerprint
    if (!isSame || !(started > 0 && started < before) || !(seconds >= 0 && seconds < 1e6)) return
    // Only a gate that passed with its whole output has this file.
    return { gate, folder, started, seconds, whole: true, ending: { kind: 'exit', code: 0 } }
  } catch {
    return undefined
  }
}
