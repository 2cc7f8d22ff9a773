import type { Problem, Reader } from '../reading.ts'
import { NoEvidence, problemList, reader } from './guarded.ts'
import { placeIn } from './place.ts'
import { linesOf, oneLine } from './text.ts'

export interface CompilerOptions {
  /** Whether a warning makes the gate red. Errors always do. Default: `red`. */
  readonly warnings?: 'red' | 'allow'
}

/** What the compiler has to say about a place. */
interface Message {
  readonly path: string
  readonly line: number
  readonly column: number
  readonly text: string
  /** The line of the source, and where in it. */
  readonly detail?: string
}

/**
 * Reads what rebar3 prints while it compiles: `file:line:column: message`, and the boxes that it
 * draws since 3.24, up to where tests or an analysis begin. Warnings about dependencies are not the
 * project's.
 *
 * @example
 * compilerOutput({ warnings: 'allow' }) // beside surefire(…): why there is no report
 */
export function compilerOutput(options: CompilerOptions = {}): Reader {
  const { warnings = 'red' } = options
  return reader('compiler', [], async ({ output, root }) => {
    const problems = problemList()
    // rebar3 prints some messages twice, once of each kind.
    const seen = new Set<string>()
    let ran = false
    const add = (message: Message) => {
      const key = JSON.stringify([placeIn(root, message.path), message.line, message.text])
      const problem = problemOf(message, root)
      const ignored = problem.kind === 'warning' && (warnings === 'allow' || !problem.location)
      if (ignored || seen.has(key)) return
      if (seen.size < 5_000) seen.add(key)
      problems.add(problem)
    }
    const box = boxes(add)
    for await (const line of linesOf(output)) {
      ran ||= line.startsWith('===> ')
      // What tests print is theirs, also where it looks like a compiler's.
      if (begun.test(line)) break
      if (box.takes(line)) continue
      const message = plain(line)
      if (message) add(message)
    }
    box.end()
    if (!ran && problems.count === 0)
      throw new NoEvidence('there is no line of rebar3 in the output')
    return { problems: problems.all() }
  })
}

function problemOf({ path, line, column, text, detail }: Message, root: string): Problem {
  const [, warning] = /^Warning: (.*)$/s.exec(text) ?? []
  const location = placeIn(root, path, line, column)
  return {
    kind: warning === undefined ? 'error' : 'warning',
    message: oneLine(location ? (warning ?? text) : `${path}:${line}: ${text}`),
    ...(location && { location }),
    ...(detail && { detail }),
  }
}

const begun = /^===> (?:Performing EUnit|Running |Performing cover|Dialyzer starting)/

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
  const takes = (line: string): boolean => {
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
    const [, before, said] = pointer.exec(line) ?? []
    if (said !== undefined) {
      const { line: at, code: shown } = row ?? { line: 0, code: '' }
      const detail = `${shown}\n${before}^`
      message = { path, line: at, column: before!.length + 1, text: [said], detail }
      return true
    }
    return /^\s*│\s*$/.test(line)
  }
  return { takes, end }
}
