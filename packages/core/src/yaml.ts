import type { Format } from './document.ts'
import { UserError } from './user-error.ts'

/**
 * The key under which an object has remarks to its keys: each is printed behind its key's value,
 * after `#`, where that is on one line. A symbol, so that no other reader of the data sees it.
 */
export const REMARKS: unique symbol = Symbol.for('erlmcp.yaml.remarks') as never

/**
 * Data as YAML that every reader understands alike: YAML 1.1, 1.2 and Go's mixture of both.
 * Block style, no anchors, keys in the order of the object, keys with an undefined value left
 * out. Text is plain only where no reader could take it for anything else; several lines are a
 * literal block where that keeps every character.
 *
 * @param data plain data: objects, arrays, text, finite numbers, booleans, null
 * @param header lines of a comment at the top, without `#`
 * @throws UserError for text with a lone surrogate, a number that is not finite, or a cycle
 * @see https://yaml.org/spec/1.2.2/
 * @example
 * printYaml({ on: ['push'], retries: 3 })
 * // "on":
 * //   - push
 * // retries: 3
 */
export function printYaml(data: unknown, header: readonly string[] = []): string {
  let comment = ''
  for (const line of header) comment += line === '' ? '#\n' : `# ${line}\n`
  if (!isBranch(data)) return `${comment}${scalar(data, '\n  ')}\n`
  return `${comment}${isEmpty(data) ? flowEmpty(data) : block(data, '\n').slice(1)}\n`
}

/** Any YAML file that is not a language of its own, such as a configuration of Prometheus. */
export const yamlFormat: Format = { name: 'yaml', rules: [], print: printYaml }

type Branch = readonly unknown[] | { readonly [key: string]: unknown }

function isBranch(value: unknown): value is Branch {
  return typeof value === 'object' && value !== null
}

function isEmpty(branch: Branch): boolean {
  if (Array.isArray(branch)) return branch.length === 0
  for (const key in branch) if ((branch as Record<string, unknown>)[key] !== undefined) return false
  return true
}

function flowEmpty(branch: Branch): string {
  return Array.isArray(branch) ? '[]' : '{}'
}

// No honest file nests this deep; data that does has a cycle.
const deepest = 2000

/** The lines of a branch, each after `indent`, which is a newline and the spaces of its depth. */
function block(branch: Branch, indent: string): string {
  if (indent.length > deepest) {
    throw new UserError({
      what: 'data that contains itself, or nests a thousand deep, cannot be printed as YAML',
      help: 'Break the cycle: a file has an end.',
    })
  }
  return Array.isArray(branch) ? sequence(branch, indent) : mapping(branch, indent)
}

function sequence(items: readonly unknown[], indent: string): string {
  const deeper = `${indent}  `
  let out = ''
  for (const item of items) {
    if (!isBranch(item)) out += `${indent}- ${scalar(item ?? null, deeper)}`
    else if (isEmpty(item)) out += `${indent}- ${flowEmpty(item)}`
    // The first line of the branch stands on the line of its dash.
    else out += `${indent}- ${block(item, deeper).slice(deeper.length)}`
  }
  return out
}

function mapping(branch: Branch, indent: string): string {
  const deeper = `${indent}  `
  const remarks = (branch as { [REMARKS]?: Readonly<Record<string, string>> })[REMARKS]
  let out = ''
  for (const key in branch) {
    const value = (branch as Record<string, unknown>)[key]
    if (value === undefined) continue
    out += indent + keyText(key, indent)
    if (!isBranch(value)) out += ` ${scalar(value, deeper)}${remark(remarks?.[key], value)}`
    else if (isEmpty(value)) out += ` ${flowEmpty(value)}`
    else out += block(value, deeper)
  }
  return out
}

/** What stands behind a value; nothing may end the comment but the end of the line. */
function remark(text: string | undefined, value: unknown): string {
  if (text === undefined || (typeof value === 'string' && value.includes('\n'))) return ''
  return ` # ${text.replace(/[^ -~]+/g, ' ')}`
}

// The keys of a format are few and come again and again.
const keyTexts = new Map<string, string>()
const keysKept = 5000

/** A key with its colon. One longer than a reader looks ahead (YAML 1.2, 7.4.2) is explicit. */
function keyText(key: string, indent: string): string {
  const known = keyTexts.get(key)
  if (known !== undefined) return known
  const text = inlineText(key)
  if (text.length > 1000) return `? ${text}${indent}:`
  if (keyTexts.size < keysKept) keyTexts.set(key, `${text}:`)
  return `${text}:`
}

function scalar(value: unknown, indent: string): string {
  if (typeof value === 'string') return text(value, indent)
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'boolean' || value === null) return String(value)
  throw new UserError({
    what: `a ${typeof value} cannot be printed as YAML`,
    help: 'Give text, a number, true, false, null, a list or an object.',
  })
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) {
    throw new UserError({
      what: `the number ${value} cannot be printed as YAML`,
      help: 'Give a finite number.',
    })
  }
  if (Object.is(value, -0)) return '-0.0'
  const digits = String(value)
  // YAML 1.1 takes 1e+21 for text: its floats have a point.
  return digits.includes('e') && !digits.includes('.') ? digits.replace('e', '.0e') : digits
}

// A letter, `/`, `_`, `$`, `./` or `../` at the start; then printable ASCII without a colon
// before a space, a space before `#`, or a colon or space at the end.
const plain =
  /^(?:[A-Za-z_/$]|\.\.?\/)(?:[\w/$.@+=,;{}[\]()%~^<>!?&*|'"\\-]|:(?=[^ ])|#|`| (?=[^ #]))*$/
// A number with a unit is text to every reader, unless it could be hexadecimal or an exponent.
const quantity = /^[1-9][0-9]*(?:ns|us|ms|[smhdw]|[kKMmGgTt][iI]?[bB]?)$/
// What some reader takes for true, false or nothing.
const word = /^(?:y|n|yes|no|on|off|true|false|null)$/i

// Short texts come again and again too: words, sizes, paths.
const shortTexts = new Map<string, string>()

function text(value: string, indent: string): string {
  if (value.length > 40) return freshText(value, indent)
  const known = shortTexts.get(value)
  if (known !== undefined) return known
  const made = freshText(value, indent)
  if (shortTexts.size < keysKept && !value.includes('\n')) shortTexts.set(value, made)
  return made
}

function freshText(value: string, indent: string): string {
  if (plain.test(value) ? value.length > 5 || !word.test(value) : quantity.test(value)) return value
  return value.includes('\n') ? (literal(value, indent) ?? inlineText(value)) : inlineText(value)
}

/** Text on one line: plain, in single quotes, or with escapes. */
function inlineText(value: string): string {
  if (plain.test(value) ? value.length > 5 || !word.test(value) : quantity.test(value)) return value
  if (/^[ -~]*$/.test(value)) return `'${value.replaceAll("'", "''")}'`
  if (/\p{Surrogate}/u.test(value)) {
    throw new UserError({
      what: `the text ${JSON.stringify(value)} has half of a character and cannot be printed`,
      help: 'It was cut in the middle of a character (a lone surrogate): cut it elsewhere.',
    })
  }
  return JSON.stringify(value).replace(unprintable, escapeCharacter)
}

// Beyond what JSON escapes: not in YAML's printable set, or a line break to some reader.
const unprintable = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** A literal block, or undefined where a block would change a character. */
function literal(value: string, indent: string): string | undefined {
  // Blanks at the start or end of the whole would need an indicator, and readers differ.
  if (!/^[^\s]/.test(value) || !/[^\s]\n?$/.test(value)) return undefined
  if (/[^\n\t -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(value)) return undefined
  const ends = value.endsWith('\n')
  const body = ends ? value.slice(0, -1) : value
  let out = ends ? '|' : '|-'
  for (const line of body.split('\n')) out += line === '' ? '\n' : indent + line
  return out
}
