import type { EvidenceFile } from './report.ts'
import { linesOf } from './text.ts'

const row = /^\s*\|\s+([^|\s]+)\s+\|\s+(\d{1,3})%\s+\|$/

/** Percentage of each module in the last table that `rebar3 cover --verbose` printed. */
export async function coverTable(output: EvidenceFile): Promise<ReadonlyMap<string, number>> {
  let table = new Map<string, number>()
  for await (const line of linesOf(output)) {
    if (/^\s*\|\s+module\s+\|\s+coverage\s+\|$/.test(line)) table = new Map()
    const [, module, percent] = row.exec(line) ?? []
    if (module && module !== 'total') table.set(module, Number(percent))
  }
  return table
}
