import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { guard } from '../evidence/reader.ts'
import type { Evidence, Report } from '../evidence/report.ts'
import { lastLinesOf } from '../evidence/text.ts'
import type { GateValue } from '../gate.ts'
import { hashOf } from '../receipt/facts.ts'
import type { Hashed, ReceiptFacts } from '../receipt/receipt.ts'
import { type Ending, evaluateGate, type GateResult } from '../verdict.ts'
import { evidenceIn } from './evidence-folder.ts'

/** A gate that ran, or did not, before its evidence is judged. */
export interface GateRun {
  readonly gate: GateValue
  readonly ending: Ending
  /** Whether everything that it printed has arrived. */
  readonly whole: boolean
  /** When it started, in milliseconds since 1970. */
  readonly started: number
  readonly seconds: number
  /** Absolute folder of its output and evidence. */
  readonly folder: string
}

/** What a receipt names of what was judged. */
export type Proof = Pick<ReceiptFacts, 'output' | 'evidence'>

/** A result, and what it is the result of. */
export interface Judged {
  readonly result: GateResult
  readonly proof: Proof
}

/** Reads what a gate has left behind, and judges it. Whatever is wrong with it is a red gate. */
export async function judge(run: GateRun, sources: readonly string[]): Promise<Judged> {
  const { gate, ending, started, seconds, folder } = run
  const ran = ending.kind !== 'blocked' && ending.kind !== 'refused'
  const { service, command } = gate.spec
  const ended = { name: gate.name, service, command, started, seconds, ending }
  const reports: Report[] = []
  let evidence: Evidence | undefined
  let proof: Proof = { output: nothing, evidence: [] }
  let output = ''
  const read = async (name: string, step: () => Promise<Report>) => {
    reports.push(await guard(name, step))
  }
  await read('its evidence', async () => {
    evidence = evidenceIn(folder)
    proof = await proofOf(evidence)
    output = ran ? await lastLinesOf(evidence.output) : ''
    return { diagnostics: [] }
  })
  if (ran && evidence) {
    const left = evidence
    for (const one of gate.spec.evidence ?? []) await read(one.name, () => one.read(left))
  }
  if (!run.whole && ending.kind === 'exit') {
    reports.push({ diagnostics: [{ kind: 'unreadable', message: incomplete }] })
  }
  return { result: evaluateGate({ ...ended, output }, reports, { sources }), proof }
}

const incomplete =
  'its output is incomplete: the connection to the engine broke off, or the entrypoint of the service is not the script of gates. Run it again'

const nothing: Hashed = {
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  bytes: 0,
}

async function proofOf({ files, output }: Evidence): Promise<Proof> {
  const evidence = []
  for (const file of files) evidence.push({ path: file.path, ...(await hashOf(file.chunks())) })
  return { output: await hashOf(output.chunks()), evidence }
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
export function readKeptResult(
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
    // Only a green one has that file, and one that is not whole is none.
    return { gate, folder, started, seconds, whole: true, ending: { kind: 'exit', code: 0 } }
  } catch {
    return undefined
  }
}
