import { type Colour, paint as paintText, printableLine } from '@erlmcp/core'
import type { GateDiagnostic } from '../evidence/report.ts'
import type { GateResult } from '../verdict.ts'
import {
  digest,
  duration,
  placeText,
  type ReportedRun,
  sentenceOfRun,
  verdictOfRun,
} from './run.ts'

export interface TerminalOptions {
  /** Width of the terminal, from 40 on. Default: 80. */
  readonly columns?: number
  /** Whether it may use colours: not when NO_COLOR is set, or the output is no terminal. */
  readonly color: boolean
  /** Problems shown of one gate. Default: 8. */
  readonly most?: number
}

type Paint = (colour: Colour, text: string) => string

/**
 * What a person reads at the end of a run: a line for each gate, then what is wrong, with places.
 *
 * @example
 * process.stdout.write(terminalSummary(run, { color: process.stdout.isTTY && !process.env.NO_COLOR }))
 */
export function terminalSummary(run: ReportedRun, options: TerminalOptions): string {
  const { color, most = 8 } = options
  const columns = Math.max(40, Math.min(options.columns ?? 80, 120))
  const paint: Paint = (colour, text) => paintText(text, colour, color)
  const red = run.gates.filter(({ verdict }) => verdict === 'red')
  const told = red.filter(({ ending }) => ending.kind !== 'blocked')
  const lines = [
    '',
    ...table(run.gates, columns, paint),
    ...told.flatMap((gate) => ['', ...details(gate, { columns, most, paint })]),
    '',
    paint(
      verdictOfRun(run),
      cut(`${sentence(sentenceOfRun(run))}, ${duration(run.seconds)}`, columns),
    ),
  ]
  return `${lines.map(withoutCommand).join('\n')}\n`
}

/** The log of a GitHub job obeys a line that begins with `::`, or has `##[` anywhere. */
function withoutCommand(line: string): string {
  return line.replace(/^(\s*):(?=:)/, '$1: ').replaceAll('##[', '## [')
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function table(gates: readonly GateResult[], columns: number, paint: Paint): string[] {
  const longest = Math.max(0, ...gates.map((gate) => printableLine(gate.name).length))
  const name = Math.min(longest, Math.floor(columns / 2))
  const time = Math.max(0, ...gates.map(({ seconds }) => duration(seconds).length))
  return gates.map((gate) => {
    const blocked = gate.ending.kind === 'blocked'
    const mark = blocked ? '-' : gate.verdict === 'green' ? '✓' : '✗'
    const took = (blocked ? '' : duration(gate.seconds)).padStart(time)
    const room = columns - name - time - 6
    const about = cut(printableLine(digest(gate)), room)
    return [
      paint(blocked ? 'yellow' : gate.verdict, mark),
      cut(printableLine(gate.name), name).padEnd(name),
      paint('dim', took),
      gate.verdict === 'green' ? paint('dim', about) : about,
    ]
      .join(' ')
      .trimEnd()
  })
}

interface Detailing {
  readonly columns: number
  readonly most: number
  readonly paint: Paint
}

function details(gate: GateResult, { columns, most, paint }: Detailing): string[] {
  const { name, service, command, diagnostics } = gate
  const again = printableLine(`docker compose run --rm ${service} ${command.join(' ')}`)
  const more = diagnostics.length - most
  return [
    paint('bold', printableLine(name)),
    ...diagnostics.slice(0, most).flatMap((diagnostic) => lines(diagnostic, columns, paint)),
    ...(more > 0 ? [paint('dim', `  and ${more} more`)] : []),
    ...wrap(again, columns - 4).map((line, at) =>
      paint('dim', `  ${at === 0 ? '$ ' : '  '}${line}`),
    ),
  ]
}

/** Kinds that only the end of the output explains. */
const endings = new Set<GateDiagnostic['kind']>(['exit', 'killed', 'timeout'])

function lines(diagnostic: GateDiagnostic, columns: number, paint: Paint): string[] {
  const place = printableLine(placeText(diagnostic))
  const said = wrap(printableLine(`${diagnostic.kind}: ${diagnostic.message}`), columns - 6)
  const shown = said.map((line, at) => (at === 0 ? `  ${line}` : `    ${line}`))
  const detail = endings.has(diagnostic.kind) ? (diagnostic.detail ?? '') : ''
  const last = detail === '' ? [] : detail.split('\n').slice(-5)
  shown[0] = shown[0]!.replace(`${diagnostic.kind}:`, paint('red', `${diagnostic.kind}:`))
  for (const line of last) shown.push(paint('dim', cut(`    | ${printableLine(line)}`, columns)))
  // A place is for copying, or for clicking: it is never broken.
  return place === '' ? shown : [`  ${paint('bold', place)}`, ...shown.map((line) => `  ${line}`)]
}

/** Words in lines of at most so many characters. */
function wrap(text: string, width: number): string[] {
  const wrapped: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    // Characters, not halves of one.
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
