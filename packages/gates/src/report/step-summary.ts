import { printable, printableLine } from '@erlmcp/core'
import type { GateDiagnostic } from '../evidence/report.ts'
import { clip, formatShare } from '../evidence/text.ts'
import type { GateResult } from '../verdict.ts'
import { escapeMarkup } from './escape-markup.ts'
import {
  duration,
  formatLocation,
  formatResult,
  formatSummary,
  type ReportedRun,
  rerunCommand,
  shortDigests,
  verdictOfRun,
} from './run.ts'

/** GitHub rejects a summary of more than 1 MiB, and a step may write several. */
const maxBytes = 900_000
const maxDetail = 4_000

/**
 * A run as Markdown for `$GITHUB_STEP_SUMMARY`, at most 900 kB: all verdicts, and as many
 * diagnostics as fit.
 */
export function stepSummary(run: ReportedRun): string {
  const mark = verdictOfRun(run) === 'passed' ? '✅' : '❌'
  const head = [
    `## ${mark} ${text(run.project)}: ${text(formatSummary(run))}`,
    '',
    facts(run),
    '',
    '| | gate | time | |',
    '|---|---|---:|---|',
    ...run.gates.map(row),
    '',
  ]
  const parts = [...run.gates.flatMap(diagnosticsOf), ...run.gates.flatMap(coverageOf)]
  return fitted(`${head.join('\n')}\n`, parts)
}

function facts({ revision, otp, engine, image, seconds }: ReportedRun): string {
  return [
    ...(revision ? [`revision ${code(revision)}`] : []),
    ...(otp ? [`OTP ${text(otp)}`] : []),
    ...(engine ? [`engine ${text(engine)}`] : []),
    ...(image ? [`image ${code(shortDigests(image))}`] : []),
    duration(seconds),
  ].join(' · ')
}

const marks = { passed: '✅', failed: '❌', skipped: '➖' }

function row(gate: GateResult): string {
  const time = gate.verdict === 'skipped' ? '' : duration(gate.seconds)
  return `| ${marks[gate.verdict]} | ${text(gate.name)} | ${time} | ${text(formatResult(gate))} |`
}

function diagnosticsOf(gate: GateResult): string[] {
  if (gate.verdict !== 'failed') return []
  const rerun = code(rerunCommand(gate))
  return [`\n### ${text(gate.name)}\n\n${rerun}\n\n`, ...gate.diagnostics.map(diagnosticOf)]
}

function diagnosticOf(diagnostic: GateDiagnostic): string {
  const location = formatLocation(diagnostic)
  const where = location === '' ? '' : `${code(location)} `
  const line = `- ${where}**${diagnostic.kind}**: ${text(diagnostic.message)}\n`
  if (!diagnostic.detail) return line
  const detail = clip(printable(diagnostic.detail), maxDetail)
  // In <pre> Markdown does not apply, and &#10; keeps blank lines from ending the HTML block.
  return `${line}\n  <details><summary>details</summary>\n\n  <pre>${escapeMarkup(detail).replaceAll('\n', '&#10;')}</pre>\n\n  </details>\n\n`
}

/** Modules listed, those with the lowest coverage. */
const maxModules = 15

function coverageOf({ coverage }: GateResult): string[] {
  if (!coverage || coverage.modules.length === 0) return []
  const lowest = [...coverage.modules]
    .filter(({ lines }) => lines > 0)
    .sort((a, b) => a.covered / a.lines - b.covered / b.lines)
    .slice(0, maxModules)
  const rows = lowest.map(
    ({ module, covered, lines }) =>
      `| ${text(module)} | ${formatShare(covered, lines)} | ${covered} of ${lines} |\n`,
  )
  const title = `\n### Coverage ${formatShare(coverage.covered, coverage.lines)}\n\n`
  return [`${title}| lowest | | lines |\n|---|---:|---:|\n${rows.join('')}\n`]
}

/** As many parts as fit, and a note if some are left out. */
function fitted(head: string, parts: readonly string[]): string {
  const note = '\n_The summary is truncated: see the report._\n'
  let size = Buffer.byteLength(head) + Buffer.byteLength(note)
  const kept: string[] = []
  for (const part of parts) {
    size += Buffer.byteLength(part)
    if (size > maxBytes) return head + kept.join('') + note
    kept.push(part)
  }
  return head + kept.join('')
}

/** Plain text: Markdown and HTML are escaped. */
function text(plain: string): string {
  return escapeMarkup(printableLine(plain)).replace(/[\\`*_{}[\]()#+\-.!|~:@/]/g, '\\$&')
}

/** A code span in HTML, since text in Markdown backticks cannot be escaped. */
function code(plain: string): string {
  return `<code>${text(plain)}</code>`
}
