import type { Format } from '../document/document.ts'
import type { Path } from '../document/path.ts'
import { UserError } from '../user-error.ts'

/**
 * The key of a comment that is printed above an object, where the object is an item of a list or the
 * value of a key.
 */
export const COMMENT: unique symbol = Symbol.for('erlmcp.yaml.comment') as never

/**
 * The key of comments by key of an object: each is printed at the end of its key's line.
 */
export const COMMENTS: unique symbol = Symbol.for('erlmcp.yaml.remarks') as never

/** The key of the tag of a {@link Tagged}. */
export const TAG: unique symbol = Symbol.for('erlmcp.yaml.tag') as never

/** A value with a tag: `{ [TAG]: '!override', value: [] }` is `!override []`. */
export interface Tagged<Value = unknown> {
  readonly [TAG]: `!${string}`
  readonly value: Value
}

/** Whether a value has a tag. */
export function isTagged(value: unknown): value is Tagged {
  return typeof value === 'object' && value !== null && TAG in value
}

/**
 * Data as YAML with one meaning in YAML 1.1, 1.2 and Go's mixture of both. Block style, no anchors,
 * keys in the order of the object, undefined values omitted. A string is plain only where every reader
 * takes it for a string, and a literal block where that keeps every character.
 *
 * @param data plain data: objects, arrays, text, finite numbers, booleans, null
 * @param header lines of a comment at the top, without `#`
 * @throws UnprintableError for a lone surrogate, a number that is not finite, a value that is not
 *   plain data, and a circular reference
 * @see https://yaml.org/spec/1.2.2/
 * @example
 * printYaml({ on: ['push'], retries: 3 })
 * // "on":
 * //   - push
 * // retries: 3
 */
export function printYaml(data: unknown, header: readonly string[] = []): string {
  const out: string[] = header.map((line) => (line === '' ? '#\n' : `# ${line}\n`))
  const start = out.length
  try {
    add(data, typeof data === 'string' ? top.deeper : top, out)
  } catch (error) {
    throw error instanceof UserError ? placed(error, pathTo(data)) : error
  }
  // The first piece begins with the space or line break that follows a key.
  out[start] = out[start]!.slice(1)
  out.push('\n')
  return out.join('')
}

/** A value that YAML cannot express, and its path. */
export class UnprintableError extends UserError {
  override readonly name = 'UnprintableError'
  readonly path: Path

  constructor(problem: { readonly message: string; readonly hint: string }, path: Path) {
    super(problem)
    this.path = path
  }
}

function placed({ message, hint }: UserError, path: Path): UnprintableError {
  return new UnprintableError(
    { message: path.length === 0 ? message : `${path.join('.')}: ${message}`, hint },
    path,
  )
}

/** The path of the first node that cannot be printed. */
function pathTo(data: unknown, depth = 0): Path {
  if (typeof data !== 'object' || data === null || depth > 20) return []
  for (const [key, value] of Object.entries(data)) {
    try {
      add(value, top, [])
      inlineText(key)
    } catch {
      return [Array.isArray(data) ? Number(key) : key, ...pathTo(value, depth + 1)]
    }
  }
  return []
}

/** A YAML file without a language of its own, such as a Prometheus configuration. */
export const yamlFormat: Format = { name: 'yaml', rules: [], print: printYaml }

/** The line starts of one depth. */
class Level {
  readonly depth: number
  /** A newline and the spaces of the depth. */
  readonly indent: string
  readonly dash: string
  /** Keys with their indent and colon: the keys of a format are few and repeat. */
  readonly keys = new Map<string, string>()
  #deeper: Level | undefined

  constructor(depth: number) {
    this.depth = depth
    this.indent = `\n${'  '.repeat(depth)}`
    this.dash = `${this.indent}-`
  }

  get deeper(): Level {
    this.#deeper ??= new Level(this.depth + 1)
    return this.#deeper
  }
}

const top = new Level(0)

// Deeper data has a circular reference.
const deepest = 1000

/**
 * Appends the pieces of a value to `out`: the rest of the line of its key or dash, or the lines below.
 *
 * Joining shared pieces once is faster than growing a string. One recursive function, since V8 would
 * inline several into each other, which costs more than printing (docs/decisions/004).
 */
function add(value: unknown, level: Level, out: string[]): void {
  if (typeof value === 'string') out.push(' ', text(value, level))
  else if (typeof value !== 'object' || value === null) out.push(' ', wordText(value))
  else if (level.depth > deepest) throw cycleError()
  else if (isTagged(value)) {
    out.push(` ${value[TAG]}`)
    add(value.value, level, out)
  } else if (Array.isArray(value)) {
    if (value.length === 0) out.push(' []')
    for (const item of value) {
      addComment(item, level, out)
      out.push(level.dash)
      const at = out.length
      add(item ?? null, level.deeper, out)
      // The first line of a nested value is on the line of its dash.
      if (out[at]!.startsWith('\n')) out[at] = out[at]!.slice(level.dash.length)
    }
  } else {
    const { keys } = level
    const comments = (value as { [COMMENTS]?: Comments })[COMMENTS]
    let empty = true
    for (const key in value) {
      const field: unknown = (value as Record<string, unknown>)[key]
      if (field === undefined) continue
      empty = false
      addComment(field, level, out)
      out.push(keys.get(key) ?? keyText(key, level))
      if (comments && isFull(field)) out.push(commentText(comments[key], undefined))
      if (level.depth === 1) {
        // A service becomes one piece, which keeps the list of a long file short.
        const part: string[] = []
        add(field, level.deeper, part)
        out.push(part.join(''))
      } else add(field, level.deeper, out)
      if (comments) out.push(commentText(comments[key], field))
    }
    if (empty) out.push(emptyText(value))
  }
}

/** `{}`; rejects a Map, a Date or a Promise, whose content would be lost. */
function emptyText(value: object): string {
  const kind: unknown = Object.getPrototypeOf(value)?.constructor?.name
  if (kind === undefined || kind === 'Object') return ' {}'
  throw new UserError({
    message: `a ${String(kind)} cannot be printed as YAML`,
    hint: 'Write a string, a number, true, false, null, a list or a plain object.',
  })
}

function isFull(value: unknown): boolean {
  const isBranch = typeof value === 'object' && value !== null && !isTagged(value)
  return isBranch && Object.keys(value).length > 0
}

function addComment(value: unknown, { indent }: Level, out: string[]): void {
  if (typeof value !== 'object' || value === null) return
  const comment = (value as { [COMMENT]?: string })[COMMENT]
  if (comment === undefined) return
  for (const line of comment.split(/\r\n?|\n/)) {
    out.push(
      `${indent}# ${line.replace(/[^ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]+/gu, ' ')}`.trimEnd(),
    )
  }
}

type Comments = Readonly<Record<string, string>>

/** A comment at the end of a line, without characters that could end it. */
function commentText(text: string | undefined, value: unknown): string {
  if (text === undefined || isFull(value) || isTagged(value)) return ''
  if (typeof value === 'string' && value.includes('\n')) return ''
  return ` # ${text.replace(/[^ -~]+/g, ' ')}`
}

function cycleError(): UserError {
  return new UserError({
    message: 'data with a circular reference, or nested a thousand deep, cannot be printed as YAML',
    hint: 'Remove the circular reference.',
  })
}

const keysKept = 1000

/** A key with its colon; an explicit one over 1000 characters (YAML 1.2, 7.4.2). */
function keyText(key: string, { indent, keys }: Level): string {
  const text = inlineText(key)
  if (text.length > 1000) return `${indent}? ${text}${indent}:`
  const line = `${indent}${text}:`
  if (keys.size < keysKept) keys.set(key, line)
  return line
}

function wordText(value: unknown): string {
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'boolean' || value === null) return String(value)
  throw new UserError({
    message: `a ${typeof value} cannot be printed as YAML`,
    hint: 'Write a string, a number, true, false, null, a list or an object.',
  })
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) {
    throw new UserError({
      message: `the number ${value} cannot be printed as YAML`,
      hint: 'Write a finite number.',
    })
  }
  if (Object.is(value, -0)) return '-0.0'
  const digits = String(value)
  // YAML 1.1 reads 1e+21 as a string: its floats need a point.
  return digits.includes('e') && !digits.includes('.') ? digits.replace('e', '.0e') : digits
}

// A letter, `/`, `_`, `$`, `./` or `../` at the start; then printable ASCII without a colon
// before a space, a space before `#`, or a colon or space at the end. One reader takes `e1` for a number.
const plain =
  /^(?![eE][-+]?\d+$)(?:[A-Za-z_/$]|\.\.?\/)(?:[\w/$.@+=,;{}[\]()%~^<>!?&*|'"\\-]|:(?=[^ ])|#|`| (?=[^ #]))*$/
// A number with a unit is a string to every reader, unless it could be hexadecimal or an exponent.
const quantity = /^[1-9][0-9]*(?:ns|us|ms|[smhdw]|[kKMmGgTt][iI]?[bB]?)$/
// Words that some reader takes for true, false or null.
const word = /^(?:y|n|yes|no|on|off|true|false|null)$/i

// Short strings repeat too: words, sizes, paths.
const shortTexts = new Map<string, string>()
const textsKept = 2000

function text(value: string, level: Level): string {
  const short = value.length <= 40
  const known = short ? shortTexts.get(value) : undefined
  if (known !== undefined) return known
  if (value.includes('\n')) return literal(value, level.indent) ?? inlineText(value)
  const created = inlineText(value)
  if (short && shortTexts.size < textsKept) shortTexts.set(value, created)
  return created
}

/** Text on one line: plain, in single quotes, or with escapes. */
function inlineText(value: string): string {
  if (plain.test(value) ? value.length > 5 || !word.test(value) : quantity.test(value)) return value
  if (/^[ -~]*$/.test(value)) return `'${value.replaceAll("'", "''")}'`
  if (!value.isWellFormed()) {
    throw new UserError({
      message: `the string ${JSON.stringify(value)} has a lone surrogate and cannot be printed as YAML`,
      hint: 'The string was cut inside a character: cut it elsewhere.',
    })
  }
  return JSON.stringify(value).replace(unprintable, escapeCharacter)
}

// Characters outside YAML's printable set, or line breaks to some reader, that JSON does not escape.
const unprintable = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** A literal block; undefined where a block would change a character. */
function literal(value: string, indent: string): string | undefined {
  // Leading or trailing blanks need an indicator, on which readers differ.
  if (!/^[^\s]/.test(value) || !/[^\s]\n?$/.test(value)) return undefined
  if (/[^\n\t -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(value)) return undefined
  const ends = value.endsWith('\n')
  const body = ends ? value.slice(0, -1) : value
  let out = ends ? '|' : '|-'
  for (const line of body.split('\n')) out += line === '' ? '\n' : indent + line
  return out
}
