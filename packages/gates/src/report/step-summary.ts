import { printable, printableLine } from '@erlmcp/core'
import type { GateDiagnostic } from '../evidence/report.ts'
import { clip } from '../evidence/text.ts'
import type { GateResult } from '../verdict.ts'
import {
  digest,
  duration,
  placeText,
  type ReportedRun,
  sentenceOfRun,
  share,
  shortDigests,
  verdictOfRun,
} from './run.ts'

/** GitHub refuses a summary of more than 1 MiB; there may be others of the same step. */
const mostBytes = 900_000
const mostDetail = 4_000

/**
 * A run as Markdown for `$GITHUB_STEP_SUMMARY`: at most 900 kB, the verdicts always, problems as
 * far as there is room.
 */
export function stepSummary(run: ReportedRun): string {
  const mark = verdictOfRun(run) === 'green' ? '✅' : '❌'
  const head = [
    `## ${mark} ${text(run.project)}: ${text(sentenceOfRun(run))}`,
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

function row(gate: GateResult): string {
  const blocked = gate.ending.kind === 'blocked'
  const mark = blocked ? '➖' : gate.verdict === 'green' ? '✅' : '❌'
  const time = blocked ? '' : duration(gate.seconds)
  return `| ${mark} | ${text(gate.name)} | ${time} | ${text(digest(gate))} |`
}

function diagnosticsOf(gate: GateResult): string[] {
  if (gate.verdict === 'green' || gate.ending.kind === 'blocked') return []
  const again = code(`docker compose run --rm ${gate.service} ${gate.command.join(' ')}`)
  return [`\n### ${text(gate.name)}\n\n${again}\n\n`, ...gate.diagnostics.map(diagnosticOf)]
}

function diagnosticOf(diagnostic: GateDiagnostic): string {
  const place = placeText(diagnostic)
  const where = place === '' ? '' : `${code(place)} `
  const line = `- ${where}**${diagnostic.kind}**: ${text(diagnostic.message)}\n`
  if (!diagnostic.detail) return line
  const detail = clip(printable(diagnostic.detail), mostDetail)
  // Inside <pre> only HTML counts, and blank lines do not end it.
  return `${line}\n  <details><summary>what it said</summary>\n\n  <pre>${html(detail).replaceAll('\n', '&#10;')}</pre>\n\n  </details>\n\n`
}

/** Modules that tests run least. */
const mostModules = 15

function coverageOf({ coverage }: GateResult): string[] {
  if (!coverage || coverage.modules.length === 0) return []
  const lowest = [...coverage.modules]
    .filter(({ lines }) => lines > 0)
    .sort((a, b) => a.covered / a.lines - b.covered / b.lines)
    .slice(0, mostModules)
  const rows = lowest.map(
    ({ module, covered, lines }) =>
      `| ${text(module)} | ${share(covered, lines)} | ${covered} of ${lines} |\n`,
  )
  const title = `\n### Coverage ${share(coverage.covered, coverage.lines)}\n\n`
  return [`${title}| lowest | | lines |\n|---|---:|---:|\n${rows.join('')}\n`]
}

/** As many parts as there is room for, and a line that says so when some are left out. */
function fitted(head: string, parts: readonly string[]): string {
  const note = '\n_There is more than GitHub shows: see the report._\n'
  let size = Buffer.byteLength(head) + Buffer.byteLength(note)
  const kept: string[] = []
  for (const part of parts) {
    size += Buffer.byteLength(part)
    if (size > mostBytes) return head + kept.join('') + note
    kept.push(part)
  }
  return head + kept.join('')
}

/** Plain words: every mark of Markdown and HTML in them is escaped. */
function text(plain: string): string {
  return html(printableLine(plain)).replace(/[\\`*_{}[\]()#+\-.!|~:@/]/g, '\\$&')
}

/** A span of code, in HTML, where Markdown has no say. */
function code(plain: string): string {
  return `<code>${text(plain)}</code>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

function html(plain: string): string {
  return plain.replace(/[&<>]/g, (char) => entities[char]!)
}
