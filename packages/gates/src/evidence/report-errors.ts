import { isUserError } from '@erlmcp/core'
import type { EvidenceFile } from './report.ts'

/** A report is invalid. It becomes a diagnostic of kind `report-invalid`. */
export class ReportParseError extends Error {}

/** A report is missing or empty. It becomes a diagnostic of kind `report-missing`. */
export class ReportMissingError extends Error {}

/** Adds the name of the file to whatever error occurs while it is read. */
export async function inFile<T>(file: EvidenceFile, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw new ReportParseError(`${file.path}: ${messageOf(error)}`)
  }
}

function messageOf(error: unknown): string {
  if (isUserError(error)) return `${error.summary}. ${error.hint}`
  return error instanceof Error ? error.message : String(error)
}
