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
    throw new ReportParseError(`${file.path}: ${error instanceof Error ? error.message : error}`)
  }
}
