import type { EvidenceFile } from '../reading.ts'
import { linesOf } from './text.ts'

/** The last lines of what a gate has printed, as reports show them. */
export async function tailOf(output: EvidenceFile, count = 60): Promise<string> {
  let lines: string[] = []
  for await (const line of linesOf(output)) {
    lines.push(line)
    if (lines.length > count * 20) lines = lines.slice(-count)
  }
  return lines.slice(-count).join('\n')
}
