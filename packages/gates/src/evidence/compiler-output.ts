import { diagnosticList } from './diagnostic-list.ts'
import { reader } from './reader.ts'
import type { GateDiagnostic, Reader } from './report.ts'
import { ReportMissingError } from './report-errors.ts'
import { sourceLocation } from './source-location.ts'
import { linesOf, oneLine } from './text.ts'

export interface CompilerOptions {
  /** Whether a warning fails the gate. Errors always do. Default: `fail`. */
  readonly warnings?: 'fail' | 'allow'
}

/** A message of the compiler. */
interface Message {
  readonly path: string
  readonly line: number
  readonly column: number
  readonly text: string
  /** The line of the source, and a caret below the column. */
  readonly detail?: string
}

/**
 * Reads the output of rebar3 while it compiles: `file:line:column: message`, and the boxes that
 * rebar3 3.24 and later draw. It stops where tests or an analysis start, and ignores warnings in
 * dependencies.
 *
 * @example
 * compilerOutput({ warnings: 'allow' }) // with surefire(…): a compiler error explains a missing report
 */
export function compilerOutput(options: CompilerOptions = {}): Reader {
  const { warnings = 'fail' } = options
  return reader('compiler', [], async ({ output, root }) => {
    const diagnostics = diagnosticList()
    // rebar3 prints some messages in both styles.
    const seen = new Set<string>()
    let ran = false
    const add = (message: Message) => {
      const key = JSON.stringify([sourceLocation(root, message.path), message.line, message.text])
      const diagnostic = diagnosticOf(message, root)
      const ignored =
        diagnostic.kind === 'warning' && (warnings === 'allow' || !diagnostic.location)
      if (ignored || seen.has(key)) return
      if (seen.size < 5_000) seen.add(key)
      diagnostics.add(diagnostic)
    }
    const box = boxes(add)
    for await (const line of linesOf(output)) {
      ran ||= line.startsWith('===> ')
      // Tests may print lines that look like a compiler's.
      if (nextPhase.test(line)) break
      if (box.accepts(line)) continue
      const message = plain(line)
      if (message) add(message)
    }
    box.end()
    if (!ran && diagnostics.count === 0)
      throw new ReportMissingError('the output has no line of rebar3')
    return { diagnostics: diagnostics.all() }
  })
}

function diagnosticOf({ path, line, column, text, detail }: Message, root: string): GateDiagnostic {
  const [, warning] = /^Warning: (.*)$/s.exec(text) ?? []
  const location = sourceLocation(root, path, line, column)
  return {
    kind: warning === undefined ? 'error' : 'warning',
    message: oneLine(location ? (warning ?? text) : `${path}:${line}: ${text}`),
    ...(location && { location }),
    ...(detail && { detail }),
  }
}

const nextPhase = /^===> (?:Performing EUnit|Running |Performing cover|Dialyzer starting)/

const source = '[^\\s:][^:]*\\.(?:erl|hrl|xrl|yrl|asn1|src|app|config|lock|script)'
const plainLine = new RegExp(`^(?:===> )?(${source}):(\\d{1,7}):(?:(\\d{1,7}):)? (.+)$`)
const configLine = new RegExp(`^===> Error reading file (${source}): (\\d{1,7}): (.*)$`)

function plain(line: string): Message | undefined {
  const found = plainLine.exec(line)
  if (found && !line.endsWith(' (Xref)')) {
    const [, path, row, column = '0', text] = found
    return { path: path!, line: Number(row), column: Number(column), text: text! }
  }
  const config = configLine.exec(line)
  if (!config) return undefined
  return { path: config[1]!, line: Number(config[2]), column: 0, text: config[3]!.trim() }
}

/*
 *    ┌─ src/demo.erl:
 *    │
 *  4 │  a() -> X = 1, Y.
 *    │                ╰── variable 'Y' is unbound
 */
const head = /^\s*┌─ (.{1,1000}?):?$/
const code = /^\s*(\d{1,7}) │ {2}(.*)$/
const pointer = /^\s*│ {2}([^╰]*)╰── (.*)$/

function boxes(add: (message: Message) => void) {
  let path: string | undefined
  let row: { readonly line: number; readonly code: string } | undefined
  let message: (Omit<Message, 'text'> & { readonly text: string[] }) | undefined
  const end = () => {
    if (message) add({ ...message, text: message.text.join('\n') })
    path = row = message = undefined
  }
  /** Whether the line belongs to a box. */
  const accepts = (line: string): boolean => {
    const [, opened] = head.exec(line) ?? []
    if (opened !== undefined) {
      end()
      path = opened
      return true
    }
    if (path === undefined) return false
    if (message) {
      if (line.trim() !== '' && !line.startsWith('===> ')) {
        message.text.push(line)
        return true
      }
      end()
      return false
    }
    const [, number, text] = code.exec(line) ?? []
    if (number) {
      row = { line: Number(number), code: text! }
      return true
    }
    const [, before, first] = pointer.exec(line) ?? []
    if (first !== undefined) {
      const { line: at, code: shown } = row ?? { line: 0, code: '' }
      const detail = `${shown}\n${before}^`
      message = { path, line: at, column: before!.length + 1, text: [first], detail }
      return true
    }
    return /^\s*│\s*$/.test(line)
  }
  return { accepts, end }
}
