import { isAbsolute, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Severity } from '../lint/diagnostic.ts'
import { printable } from './printable.ts'

/** A rule as code scanning shows it. */
export interface SarifRule {
  readonly id: string
  readonly shortDescription?: SarifText
  readonly fullDescription?: SarifText
  readonly help?: SarifText
  readonly defaultConfiguration?: { readonly level: Severity }
}

/** A message or description. */
export interface SarifText {
  readonly text: string
}

/** Where a result is. */
export interface SarifPlace {
  /** Relative to the root of the repository, or absolute. */
  readonly file: string
  /** From 1. */
  readonly line?: number | undefined
  /** From 1; only with a line. */
  readonly column?: number | undefined
}

/** One result of a log. */
export interface SarifResult {
  readonly ruleId: string
  readonly level: Severity
  readonly message: SarifText
  readonly locations: readonly object[]
  readonly suppressions?: readonly object[]
}

/** What a log with one run is made of. */
export interface SarifRun {
  /** Name of the tool. */
  readonly tool: string
  readonly rules: readonly SarifRule[]
  readonly results: readonly SarifResult[]
  /** Other properties of the run, such as `invocations`. */
  readonly [property: string]: unknown
}

/** A SARIF log with one run (OASIS SARIF 2.1.0, section 3.13). */
export function sarifLog({ tool, rules, ...run }: SarifRun) {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0' as const,
    runs: [{ tool: { driver: { name: tool, rules } }, ...run }],
  }
}

/** One result at its place (section 3.27). */
export function sarifResult(
  ruleId: string,
  level: Severity,
  message: string,
  { file, line, column }: SarifPlace,
): SarifResult {
  const region = line ? { region: { startLine: line, ...(column && { startColumn: column }) } } : {}
  const physicalLocation = { artifactLocation: { uri: uriOf(file) }, ...region }
  return { ruleId, level, message: sarifText(message), locations: [{ physicalLocation }] }
}

/** A message as plain text: `[text](target)` in a message would be a link (section 3.11.6). */
export function sarifText(text: string): SarifText {
  return { text: printable(text).replaceAll('](', '] (') }
}

/** A URI reference (RFC 3986): relative where the path is, so that it is valid on other machines. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href
  // Through UTF-8, since an unpaired surrogate has no escape.
  return file
    .replaceAll(sep, '/')
    .split('/')
    .map((part) => encodeURIComponent(Buffer.from(part).toString()))
    .join('/')
}
