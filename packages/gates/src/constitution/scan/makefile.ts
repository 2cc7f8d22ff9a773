import { join, type MappedText, slice, textAt, wholeText } from './mapped-text.ts'
import type { ShellTexts } from './workflow.ts'

/**
 * The recipes of a Makefile, and what `$(shell …)` runs while it is read. Variables have the
 * value that the file itself gives them last; those that it does not set are empty.
 */
export function makefileTexts(source: string): ShellTexts {
  const lines = logicalLines(wholeText(source))
  const variables = new Map<string, MappedText>()
  const recipes: MappedText[] = []
  const others: MappedText[] = []
  let isDefinition = false
  let hasTarget = false
  for (const line of lines) {
    if (/^\s*endef\b/.test(line.text)) isDefinition = false
    else if (isDefinition) continue
    else if (/^\s*define\b/.test(line.text)) isDefinition = true
    else if (line.text.startsWith('\t') && hasTarget) recipes.push(slice(line, 1, line.text.length))
    else {
      const plain = withoutComment(line)
      const set = assignment.exec(plain.text)
      if (set) {
        variables.set(set[1]!, slice(plain, set[0].length, plain.text.trimEnd().length))
      } else if (/^[^\t#][^=]*:/.test(plain.text)) {
        hasTarget = true
        const semicolon = plain.text.indexOf(';')
        if (semicolon >= 0) recipes.push(slice(plain, semicolon + 1, plain.text.length))
      }
      others.push(plain)
    }
  }
  const expander = new Expander(variables)
  const texts = recipes.map((recipe) => {
    const silent = /^[\s@+-]*/.exec(recipe.text)![0].length
    return expander.expand(slice(recipe, silent, recipe.text.length))
  })
  for (const line of others) expander.expand(line)
  return { texts: [...texts, ...expander.shells] }
}

const assignment = /^ *(?:(?:export|override|private)\s+)*([\w.-]+)\s*(?:\?|::?:?|\+|!)?=[ \t]*/

/** Lines with those that a backslash continues; the shell takes the backslash out by itself. */
function logicalLines(source: MappedText): MappedText[] {
  return [...source.text.matchAll(/(?:\\\r?\n|[^\n])+/g)].map(({ 0: text, index }) =>
    slice(source, index, index + text.length),
  )
}

function withoutComment(line: MappedText): MappedText {
  const comment = /(?:^|[^\\])#/.exec(line.text)
  return comment ? slice(line, 0, comment.index + comment[0].length - 1) : line
}

class Expander {
  /** What `$(shell …)` runs, as far as it was seen. */
  readonly shells: MappedText[] = []
  readonly #variables: ReadonlyMap<string, MappedText>

  constructor(variables: ReadonlyMap<string, MappedText>) {
    this.#variables = variables
  }

  expand(line: MappedText, within: readonly string[] = []): MappedText {
    const { text } = line
    const parts: MappedText[] = []
    let at = 0
    for (let dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
      parts.push(slice(line, at, dollar))
      const end = endOfReference(text, dollar + 1)
      const value = this.#valueOf(slice(line, dollar + 1, end), within)
      // Nothing is known of `$(Q)rebar3` but that it begins a command.
      const isBegin = /(?:^|[;&|(\n])\s*$/.test(parts.map((part) => part.text).join(''))
      const mayBeNothing = isBegin && text[end] !== '/'
      parts.push(value ?? unknown(slice(line, dollar, end), mayBeNothing))
      at = end
    }
    return join([...parts, slice(line, at, text.length)])
  }

  /** What a reference stands for, without its dollar; undefined where that cannot be told. */
  #valueOf(reference: MappedText, within: readonly string[]): MappedText | undefined {
    const offset = reference.offsets[0]! - 1
    if (reference.text === '$') return textAt('$', offset)
    const isLong = /^[({]/.test(reference.text)
    const inner = isLong ? slice(reference, 1, reference.text.length - 1) : reference
    const call = /^shell\s+/.exec(inner.text)
    if (call) return this.#shellValue(slice(inner, call[0].length, inner.text.length), within)
    const name = inner.text
    if (name === 'MAKE') return textAt('make', offset)
    const value = this.#variables.get(name)
    if (value && !within.includes(name)) {
      const { text, shown } = this.expand(value, [...within, name])
      return textAt(text, offset, shown)
    }
    // Where another file or the caller sets it, the name says what it is.
    return /^REBAR3?$/.test(name) ? textAt('rebar3', offset) : undefined
  }

  #shellValue(command: MappedText, within: readonly string[]): MappedText {
    const expanded = this.expand(command, within)
    this.shells.push(expanded)
    const program = /^(?:which|command -v|type -p)\s+([\w./-]+)/.exec(expanded.text)?.[1]
    return textAt(program ?? '_', command.offsets[0]!)
  }
}

/** A function, an automatic variable, or one from elsewhere: something, and no program of ours. */
function unknown(reference: MappedText, mayBeNothing: boolean): MappedText {
  const { text, offsets } = reference
  return mayBeNothing ? textAt('', offsets[0]!) : textAt('_'.repeat(text.length), offsets[0]!, text)
}

/** Behind `$X`, `$(…)` or `${…}`. */
function endOfReference(text: string, start: number): number {
  const open = text[start]
  if (open !== '(' && open !== '{') return Math.min(start + 1, text.length)
  const close = open === '(' ? ')' : '}'
  let depth = 0
  for (let at = start; at < text.length; at++) {
    if (text[at] === open) depth++
    else if (text[at] === close && --depth === 0) return at + 1
  }
  return text.length
}
