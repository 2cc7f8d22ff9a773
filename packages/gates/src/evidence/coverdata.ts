import { type Term, termOf } from './etf.ts'
import type { EvidenceFile } from './report.ts'
import { ReportParseError } from './report-errors.ts'

/** Whether each line of each module ran. */
export type LinesRun = Map<string, Map<number, boolean>>

/** Bytes of one record. */
const maxSize = 16_000_000

/**
 * Merges a file of `cover:export`: a line ran if it ran in any of the files. Line 0 is not in the
 * source, and is left out, as rebar3 does.
 *
 * @throws Unreadable for an invalid file
 */
export async function addCoverdata(file: EvidenceFile, to: LinesRun): Promise<void> {
  let current: string | undefined
  for await (const record of recordsOf(file)) {
    const [first, second] = tupleOf(record)
    if (first === 'file' && typeof second === 'string') {
      current = second
      if (!to.has(second)) to.set(second, new Map())
      continue
    }
    // OTP before 27 writes the clauses of a module before its lines.
    if (typeof first === 'string' && first === current && Array.isArray(second)) continue
    const [tag, module, , , , line] = first === undefined ? [] : tupleOf(first)
    const isCount = typeof second === 'number' || typeof second === 'bigint'
    if (tag !== 'bump' || module !== current || typeof line !== 'number' || !isCount) {
      throw new ReportParseError('invalid record')
    }
    if (line === 0) continue
    const lines = to.get(current as string)!
    lines.set(line, (lines.get(line) ?? false) || second > 0)
  }
  if (current === undefined) throw new ReportParseError('empty file')
}

function tupleOf(term: Term): readonly Term[] {
  return typeof term === 'object' && 'tuple' in term ? term.tuple : []
}

/** A record is a length byte and a term; a longer one follows `{'$size', Length}`. */
async function* recordsOf(file: EvidenceFile): AsyncGenerator<Term> {
  let held = Buffer.alloc(0)
  let size: number | undefined
  for await (const chunk of file.chunks()) {
    held = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk])
    let at = 0
    while (at < held.length) {
      const start = size === undefined ? at + 1 : at
      const end = start + (size ?? held[at]!)
      if (end > held.length) break
      const record = termOf(held.subarray(start, end))
      at = end
      const wasLong = size !== undefined
      size = wasLong ? undefined : sizeIn(record)
      if (size === undefined) yield record
    }
    held = held.subarray(at)
  }
  if (held.length > 0 || size !== undefined) throw new ReportParseError('truncated record')
}

function sizeIn(record: Term): number | undefined {
  const [tag, size] = tupleOf(record)
  if (tag !== '$size') return undefined
  if (typeof size !== 'number' || size < 2 || size > maxSize) {
    throw new ReportParseError('invalid record size')
  }
  return size
}
