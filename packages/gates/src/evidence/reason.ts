import type { ProblemKind } from '../reading.ts'
import { elementsOf, unquoted } from './term-text.ts'
import { oneLine } from './text.ts'

/** Why a test did not pass, in a line. */
export interface Reason {
  readonly kind: ProblemKind & ('failure' | 'error' | 'timeout')
  readonly message: string
}

/** Characters of a reason that are looked at. */
const longest = 32_768

/**
 * Says in a line what the term says that a test ended with. An assertion that does not hold, a
 * match that does not match, and `ct:fail` are failures; anything else is a crash.
 *
 * @example
 * reasonOf('{badmatch,4}') // { kind: 'failure', message: 'no match of 4' }
 */
export function reasonOf(term: string): Reason {
  const text = withoutTrace(term.slice(0, longest).trim())
  const [tag = '', ...values] = elementsOf(text) ?? [text]
  if (/^assert/.test(tag) && values.length > 0) {
    return { kind: 'failure', message: assertion(tag, values[0]!) }
  }
  if (tag === 'timetrap_timeout') return { kind: 'timeout', message: 'it ran into its timetrap' }
  if (tag === 'badmatch') return { kind: 'failure', message: `no match of ${oneLine(values[0]!)}` }
  if (tag === 'test_case_failed') {
    return { kind: 'failure', message: oneLine(unquoted(values[0]!)) }
  }
  if (tag === 'undef') return { kind: 'error', message: undefinedFunction(term) }
  return { kind: 'error', message: oneLine(text) || 'it crashed' }
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
  return first ? `${first[0]}:${first[1]} is undefined` : 'it calls an undefined function'
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
  return oneLine(`${name}(${tight(expression)}): ${rest.join(', ')}`)
}

/** The macro prints its argument's tokens apart: `demo : add ( 1 , 2 )`. */
function tight(expression: string): string {
  const text = oneLine(expression, 160)
  if (/["'$]/.test(text)) return text
  return text
    .replace(/ ?([:.]) ?/g, '$1')
    .replace(/(?<=[\w)]) (?=\()/g, '')
    .replace(/(?<=[([{]) | (?=[,)\]}])/g, '')
}
