import { type Colour, paint as paintText, printableLine } from '@erlmcp/core'
import type { GateDiagnostic } from '../evidence/report.ts'
import type { GateResult } from '../verdict.ts'
import {
  duration,
  formatLocation,
  formatResult,
  formatSummary,
  type ReportedRun,
  rerunCommand,
  verdictOfRun,
} from './run.ts'

export interface TerminalOptions {
  /** Width of the terminal, from 40 to 120. Default: 80. */
  readonly columns?: number
  /** Whether to use colours: only on a terminal, and without NO_COLOR. */
  readonly color: boolean
  /** Diagnostics shown of one gate. Default: 8. */
  readonly most?: number
}

type Paint = (colour: Colour, text: string) => string

/**
 * The end of a run for a terminal: a line for each gate, then the diagnostics with locations.
 *
 * @example
 * process.stdout.write(terminalSummary(run, { color: process.stdout.isTTY && !process.env.NO_COLOR }))
 */
export function terminalSummary(run: ReportedRun, options: TerminalOptions): string {
  const { color, most = 8 } = options
  const columns = Math.max(40, Math.min(options.columns ?? 80, 120))
  const paint: Paint = (colour, text) => paintText(text, colour, color)
  const failed = run.gates.filter(({ verdict }) => verdict === 'failed')
  const lines = [
    '',
    ...table(run.gates, columns, paint),
    ...failed.flatMap((gate) => ['', ...details(gate, { columns, most, paint })]),
    '',
    paint(
      colours[verdictOfRun(run)],
      cut(`${sentence(formatSummary(run))}, ${duration(run.seconds)}`, columns),
    ),
  ]
  return `${lines.map(withoutCommand).join('\n')}\n`
}

/** GitHub runs a line of a log that starts with `::` or contains `##[` as a command. */
function withoutCommand(line: string): string {
  return line.replace(/^(\s*):(?=:)/, '$1: ').replaceAll('##[', '## [')
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const colours = { passed: 'green', failed: 'red', skipped: 'yellow' } as const
const marks = { passed: '✓', failed: '✗', skipped: '-' }

function table(gates: readonly GateResult[], columns: number, paint: Paint): string[] {
  const longest = Math.max(0, ...gates.map((gate) => printableLine(gate.name).length))
  const name = Math.min(longest, Math.floor(columns / 2))
  const time = Math.max(0, ...gates.map(({ seconds }) => duration(seconds).length))
  return gates.map((gate) => {
    const { verdict } = gate
    const took = (verdict === 'skipped' ? '' : duration(gate.seconds)).padStart(time)
    const result = cut(printableLine(formatResult(gate)), columns - name - time - 6)
    return [
      paint(colours[verdict], marks[verdict]),
      cut(printableLine(gate.name), name).padEnd(name),
      paint('dim', took),
      verdict === 'passed' ? paint('dim', result) : result,
    ]
      .join(' ')
      .trimEnd()
  })
}

interface DetailOptions {
  readonly columns: number
  readonly most: number
  readonly paint: Paint
}

function details(gate: GateResult, { columns, most, paint }: DetailOptions): string[] {
  const { name, diagnostics } = gate
  const more = diagnostics.length - most
  return [
    paint('bold', printableLine(name)),
    ...diagnostics.slice(0, most).flatMap((diagnostic) => lines(diagnostic, columns, paint)),
    ...(more > 0 ? [paint('dim', `  and ${more} more`)] : []),
    ...wrap(printableLine(rerunCommand(gate)), columns - 4).map((line, at) =>
      paint('dim', `  ${at === 0 ? '$ ' : '  '}${line}`),
    ),
  ]
}

/** Kinds that need the end of the output as explanation. */
const endings = new Set<GateDiagnostic['kind']>(['exit', 'killed', 'timeout'])

function lines(diagnostic: GateDiagnostic, columns: number, paint: Paint): string[] {
  const location = printableLine(formatLocation(diagnostic))
  const message = wrap(printableLine(`${diagnostic.kind}: ${diagnostic.message}`), columns - 6)
  const shown = message.map((line, at) => (at === 0 ? `  ${line}` : `    ${line}`))
  const detail = endings.has(diagnostic.kind) ? (diagnostic.detail ?? '') : ''
  const last = detail === '' ? [] : detail.split('\n').slice(-5)
  shown[0] = shown[0]!.replace(`${diagnostic.kind}:`, paint('red', `${diagnostic.kind}:`))
  for (const line of last) shown.push(paint('dim', cut(`    | ${printableLine(line)}`, columns)))
  // A location is never wrapped, so that it can be copied or clicked.
  return location === ''
    ? shown
    : [`  ${paint('bold', location)}`, ...shown.map((line) => `  ${line}`)]
}

/** Wraps a text at a width in characters. */
function wrap(text: string, width: number): string[] {
  const wrapped: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    // By code points, so that no surrogate pair is split.
    let rest = [...word]
    if (line !== '' && [...line].length + 1 + rest.length > width) {
      wrapped.push(line)
      line = ''
    }
    while (rest.length > width) {
      wrapped.push(rest.slice(0, width).join(''))
      rest = rest.slice(width)
    }
    line = line === '' ? rest.join('') : `${line} ${rest.join('')}`
  }
  return [...wrapped, line]
}

function cut(text: string, width: number): string {
  const characters = [...text]
  if (characters.length <= width) return text
  return `${characters.slice(0, Math.max(0, width - 1)).join('')}…`
}
