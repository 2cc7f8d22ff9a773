import type { Evidence, EvidenceFile, Reader, Report } from './report.ts'
import { ReportMissingError, ReportParseError } from './report-errors.ts'
import { oneLine } from './text.ts'

/**
 * A reader whose `read` never throws: an error while it reads, also a bug of the reader, is a
 * diagnostic, since evidence that was not read proves nothing.
 */
export function reader(
  name: string,
  outputs: readonly string[],
  read: (evidence: Evidence) => Promise<Report>,
): Reader {
  return Object.freeze({
    name,
    outputs: Object.freeze([...outputs]),
    read: (evidence: Evidence) => readSafely(name, () => read(evidence)),
  })
}

/** The report of a step, or the error that it threw as a diagnostic. */
export async function readSafely(name: string, step: () => Promise<Report>): Promise<Report> {
  try {
    const report: Partial<Report> | undefined = await step()
    if (Array.isArray(report?.diagnostics)) return report as Report
    throw new ReportParseError('`read` returned no report: return { diagnostics: […] }')
  } catch (error) {
    const kind = error instanceof ReportMissingError ? 'report-missing' : 'report-invalid'
    return { diagnostics: [{ kind, message: `${name}: ${oneLine(textOf(error))}` }] }
  }
}

function textOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error)
  } catch {
    return 'the reader threw a value without a text'
  }
}

/** The file at a path, or the files below it whose relative path matches. */
export function filesAt(
  { files }: Evidence,
  path: string,
  matches: (name: string) => boolean,
): readonly EvidenceFile[] {
  const folder = path.replace(/\/+$/, '')
  return files
    .filter((file) => file.path === folder || file.path.startsWith(`${folder}/`))
    .filter((file) => file.path === folder || matches(file.path.slice(folder.length + 1)))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}
