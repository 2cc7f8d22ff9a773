import type { KeyObject } from 'node:crypto'
import { gitFacts, hashOf, machineFacts } from '../receipt/facts.ts'
import type { GitFacts, ImageFacts, ReceiptFacts } from '../receipt/receipt.ts'
import { type Appended, appendReceipt } from '../receipt/store.ts'
import type { Ending, GateResult } from '../verdict.ts'
import { evidenceIn } from './evidence-folder.ts'

/** What all receipts of a run have in common. */
export interface RunFacts {
  readonly project: string
  readonly git: GitFacts
  readonly engine: string
  readonly otp: string | null
}

/** A gate that ran in this run, and where it left its evidence. */
export interface Receiptable {
  readonly result: GateResult
  readonly image: ImageFacts
  readonly folder: string
}

/** One receipt for each gate that ran, in the order that they ended. Done last. */
export async function writeReceipts(
  root: string,
  facts: RunFacts,
  gates: readonly Receiptable[],
  key: KeyObject | undefined,
): Promise<Appended[]> {
  const written: Appended[] = []
  const inTime = [...gates].sort((a, b) => endOf(a.result) - endOf(b.result))
  for (const gate of inTime) {
    written.push(await appendReceipt(root, await factsOf(facts, gate), key ? { key } : {}))
  }
  return written
}

/** Whether the project is another one than it was, so that the run proves nothing of either. */
export function hasChanged(root: string, before: GitFacts): boolean {
  const after = gitFacts(root)
  return after.commit !== before.commit || after.difference !== before.difference
}

async function factsOf(
  { project, git, engine, otp }: RunFacts,
  { result, image, folder }: Receiptable,
): Promise<ReceiptFacts> {
  const { files, output } = evidenceIn(folder)
  const evidence = []
  for (const file of files) evidence.push({ path: file.path, ...(await hashOf(file.chunks())) })
  return {
    project,
    gate: result.name,
    service: result.service,
    command: result.command,
    verdict: result.verdict,
    exit: result.ending.kind === 'exit' ? result.ending.code : null,
    ending: words[result.ending.kind],
    image,
    git,
    output: await hashOf(output.chunks()),
    evidence,
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
  refused: 'did not start',
  blocked: 'did not run',
}

function endOf({ started, seconds }: GateResult): number {
  return started + Math.round(seconds * 1000)
}
