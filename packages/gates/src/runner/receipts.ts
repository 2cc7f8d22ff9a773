import type { KeyObject } from 'node:crypto'
import { machineFacts } from '../receipt/facts.ts'
import type { GitFacts, ImageFacts, ReceiptFacts } from '../receipt/receipt.ts'
import { type AppendedReceipt, appendReceipt } from '../receipt/store.ts'
import type { Ending, GateResult } from '../verdict.ts'
import type { Evaluated } from './evaluate.ts'

/** What all receipts of a run share. */
export interface RunFacts {
  readonly project: string
  readonly git: GitFacts
  readonly engine: string
  readonly otp: string | null
}

/** A gate of this run, and its image. */
export interface ReceiptInput extends Evaluated {
  readonly image: ImageFacts
}

/** Writes one receipt for each gate that ran, in the order in which they ended. */
export async function writeReceipts(
  root: string,
  facts: RunFacts,
  gates: readonly ReceiptInput[],
  key: KeyObject | undefined,
): Promise<AppendedReceipt[]> {
  const written: AppendedReceipt[] = []
  const byEnd = [...gates].sort((a, b) => endOf(a.result) - endOf(b.result))
  for (const gate of byEnd) {
    written.push(await appendReceipt(root, factsOf(facts, gate), key ? { key } : {}))
  }
  return written
}

function factsOf(
  { project, git, engine, otp }: RunFacts,
  { result, hashes, image }: ReceiptInput,
): ReceiptFacts {
  return {
    project,
    gate: result.name,
    service: result.service,
    command: result.command,
    verdict: result.verdict === 'passed' ? 'passed' : 'failed',
    exit: result.ending.kind === 'exit' ? result.ending.code : null,
    ending: words[result.ending.kind],
    image,
    git,
    ...hashes,
    started: new Date(result.started).toISOString(),
    ended: new Date(endOf(result)).toISOString(),
    engine,
    otp,
    machine: machineFacts(),
  }
}

const words: Record<Ending['kind'], string> = {
  exit: 'exited',
  timeout: 'timed out',
  killed: 'killed',
  'not-started': 'did not start',
  blocked: 'did not run',
}

function endOf({ started, seconds }: GateResult): number {
  return started + Math.round(seconds * 1000)
}
