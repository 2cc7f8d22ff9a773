import type { GateDiagnosticKind } from './report.ts'
import { elementsOf, unquoted } from './term-text.ts'
import { oneLine } from './text.ts'

/** The failure of a test, in one line. */
export interface TestFailure {
  readonly kind: GateDiagnosticKind & ('failure' | 'error' | 'timeout')
  readonly message: string
}

/** Characters of a term that are parsed. */
const maxLength = 32_768

/**
 * Parses the term that a test ended with. A failed assertion, a failed match and `ct:fail` are
 * failures; anything else is an error.
 *
 * @example
 * parseFailure('{badmatch,4}') // { kind: 'failure', message: 'no match of 4' }
 */
export function parseFailure(term: string): TestFailure {
  const text = withoutTrace(term.slice(0, maxLength).trim())
  const [tag = '', ...values] = elementsOf(text) ?? [text]
  if (/^assert/.test(tag) && values.length > 0) {
    return { kind: 'failure', message: assertion(tag, values[0]!) }
  }
  if (tag === 'timetrap_timeout') return { kind: 'timeout', message: 'timetrap timeout' }
  if (tag === 'badmatch') return { kind: 'failure', message: `no match of ${oneLine(values[0]!)}` }
  if (tag === 'test_case_failed') {
    return { kind: 'failure', message: oneLine(unquoted(values[0]!)) }
  }
  if (tag === 'undef') return { kind: 'error', message: undefinedFunction(term) }
  return { kind: 'error', message: oneLine(text) || 'the test crashed' }
}

/** `{Reason, Stacktrace}` without the trace. */
function withoutTrace(term: string): string {
  const pair = elementsOf(term)
  return pair?.length === 2 && isTrace(pair[1]!) ? pair[0]! : term
}

function isTrace(term: string): boolean {
  const calls = term.startsWith('[') ? (elementsOf(term) ?? []) : []
  const last = calls.length > 0 ? elementsOf(calls.at(-1)!) : undefined
  return last?.length === 4 && last[3]!.startsWith('[')
}

function undefinedFunction(term: string): string {
  const trace = elementsOf(term)?.[1]
  const first = trace ? elementsOf(elementsOf(trace)?.[0] ?? '') : undefined
  return first ? `${first[0]}:${first[1]} is undefined` : 'call to an undefined function'
}

/** `assertEqual(demo:add(1, 2)): expected 4, value 3`. */
function assertion(name: string, properties: string): string {
  const fields = (elementsOf(properties) ?? [])
    .map((pair) => elementsOf(pair) ?? [])
    .filter((pair) => pair.length === 2)
    .map(([key, value]) => [key!, unquoted(value!)] as const)
  const expression = fields.find(([key]) => key === 'expression')?.[1] ?? ''
  const rest = fields
    .filter(([key]) => !['module', 'line', 'expression'].includes(key))
    .map(([key, value]) => `${key.replaceAll('_', ' ')} ${oneLine(value, 120)}`)
  return oneLine(`${name}(${withoutSpaces(expression)}): ${rest.join(', ')}`)
}

/** The macro prints tokens with spaces between them: `demo : add ( 1 , 2 )`. */
function withoutSpaces(expression: string): string {
  const text = oneLine(expression, 160)
  if (/["'$]/.test(text)) return text
  return text
    .replace(/ ?([:.]) ?/g, '$1')
    .replace(/(?<=[\w)]) (?=\()/g, '')
    .replace(/(?<=[([{]) | (?=[,)\]}])/g, '')
}
