import { readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { sha256 } from '@erlmcp/core'
import { readSafely } from '../evidence/reader.ts'
import type { Evidence, Report } from '../evidence/report.ts'
import { lastLinesOf } from '../evidence/text.ts'
import type { GateValue } from '../gate.ts'
import { hashChunks } from '../receipt/facts.ts'
import type { Hashed, ReceiptFacts } from '../receipt/receipt.ts'
import { type Ending, evaluateGate, type GateResult } from '../verdict.ts'
import { evidenceIn } from './evidence-folder.ts'

/** A gate that ended, before its evidence is read. */
export interface GateRun {
  readonly gate: GateValue
  readonly ending: Ending
  /** Whether its whole output arrived. */
  readonly whole: boolean
  /** When it started, in milliseconds since 1970. */
  readonly started: number
  readonly seconds: number
  /** Absolute folder of its output and evidence. */
  readonly folder: string
}

/** Hashes of the evidence, for the receipt. */
export type EvidenceHashes = Pick<ReceiptFacts, 'output' | 'evidence'>

/** A result, with the hashes of the evidence that it is based on. */
export interface Evaluated {
  readonly result: GateResult
  readonly hashes: EvidenceHashes
}

/** Reads the evidence of a gate and evaluates it. Any error while reading fails the gate. */
export async function evaluateRun(run: GateRun, sources: readonly string[]): Promise<Evaluated> {
  const { gate, ending, started, seconds, folder } = run
  const ran = ending.kind !== 'blocked' && ending.kind !== 'not-started'
  const { service, command } = gate.spec
  const ended = { name: gate.name, service, command, started, seconds, ending }
  const reports: Report[] = []
  let evidence: Evidence | undefined
  let hashes: EvidenceHashes = { output: empty, evidence: [] }
  let output = ''
  const read = async (name: string, step: () => Promise<Report>) => {
    reports.push(await readSafely(name, step))
  }
  await read('evidence', async () => {
    evidence = evidenceIn(folder)
    hashes = await hashesOf(evidence)
    output = ran ? await lastLinesOf(evidence.output) : ''
    return { diagnostics: [] }
  })
  if (ran && evidence) {
    const all = evidence
    for (const one of gate.spec.evidence ?? []) await read(one.name, () => one.read(all))
  }
  if (!run.whole && ending.kind === 'exit') {
    reports.push({ diagnostics: [{ kind: 'report-invalid', message: incomplete }] })
  }
  return { result: evaluateGate({ ...ended, output }, reports, { sources }), hashes }
}

const incomplete =
  'the output is incomplete: the connection to the engine broke, or the entrypoint of the service is not the script of the gates. Run the gate again'

const empty: Hashed = { sha256: sha256(''), bytes: 0 }

async function hashesOf({ files, output }: Evidence): Promise<EvidenceHashes> {
  const evidence = []
  for (const file of files) evidence.push({ path: file.path, ...(await hashChunks(file.chunks())) })
  return { output: await hashChunks(output.chunks()), evidence }
}

/** Files below the sources of a gate, relative to the root. */
export function filesOf(root: string, sources: readonly string[]): string[] {
  return sources.flatMap((source) => {
    const full = join(root, source)
    try {
      return readdirSync(full, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    } catch {
      // A file, or missing: then the mount fails with a message of its own.
      return [source]
    }
  })
}
