import { join, type MappedText, slice, textAt } from './mapped-text.ts'
import type { ShellTexts } from './shell-texts.ts'

/**
 * The recipes of a Makefile, and what `$(shell …)` and `!=` run while make reads it. A variable has
 * the last value that the file gives it.
 */
export function makefileTexts(source: MappedText): ShellTexts {
  const { variables, recipes, others, includes, commands } = partsOf(source)
  const expander = new Expander(variables)
  const texts = [...recipes, ...commands].map((recipe) => {
    const silent = /^[\s@+-]*/.exec(recipe.text)![0].length
    return expander.expand(slice(recipe, silent, recipe.text.length))
  })
  for (const line of others) expander.expand(line)
  return { texts: [...texts, ...expander.shells], includes }
}

interface MakefileParts {
  readonly variables: ReadonlyMap<string, MappedText>
  readonly recipes: readonly MappedText[]
  /** Values of `!=`, which make runs. */
  readonly commands: readonly MappedText[]
  /** Lines that may hold `$(shell …)` or `$(eval …)`. */
  readonly others: readonly MappedText[]
  readonly includes: readonly { readonly name: string; readonly offset: number }[]
}

function partsOf(source: MappedText): MakefileParts {
  const variables = new Map<string, MappedText>()
  const recipes: MappedText[] = []
  const commands: MappedText[] = []
  const others: MappedText[] = []
  const includes: { name: string; offset: number }[] = []
  const assign = (name: string, operator: string, value: MappedText) => {
    const old = operator === '+' ? variables.get(name) : undefined
    variables.set(name, old ? join([old, textAt(' ', value.offsets[0]!), value]) : value)
    if (operator === '!') commands.push(value)
  }
  // The variable of the current `define` block.
  let block: { name: string; lines: MappedText[] } | undefined
  let prefix = '\t'
  let hasTarget = false
  for (const line of logicalLines(source)) {
    const begin = /^\s*(?:override\s+)?define\s+([\w.-]+)/.exec(line.text)
    if (block && /^\s*endef\b/.test(line.text)) {
      variables.set(block.name, join(block.lines))
      block = undefined
    } else if (block) block.lines.push(line, textAt('\n', line.offsets.at(-1)!))
    else if (begin) block = { name: begin[1]!, lines: [] }
    else if (line.text.startsWith(prefix) && hasTarget) {
      recipes.push(slice(line, 1, line.text.length))
    } else {
      const plain = withoutComment(line)
      const own = assignment.exec(plain.text) ?? targetAssignment.exec(plain.text)
      const include = /^ *[-s]?include\s+(.*)$/.exec(plain.text)
      if (own) {
        const [all, name = '', operator = ''] = own
        const value = slice(plain, all.length, plain.text.trimEnd().length)
        if (name === '.RECIPEPREFIX') prefix = value.text[0] ?? '\t'
        else assign(name, operator, value)
      } else if (include) {
        const names = include[1]!.split(/\s+/).filter((name) => /^[\w./-]+$/.test(name))
        includes.push(...names.map((name) => ({ name, offset: plain.offsets[0]! })))
      } else if (/^[^\t#][^=]*:/.test(plain.text)) {
        hasTarget = true
        const semicolon = plain.text.indexOf(';')
        if (semicolon >= 0) recipes.push(slice(plain, semicolon + 1, plain.text.length))
      }
      others.push(plain)
    }
  }
  return { variables, recipes, commands, others, includes }
}

const assignment = /^ *(?:(?:export|override|private)\s+)*([\w.-]+)\s*(\?|::?:?|\+|!)?=[ \t]*/

/** `all: CC = gcc` */
const targetAssignment =
  /^[^\t#=;]+:\s*(?:(?:export|override|private)\s+)*([\w.-]+)\s*(\?|::?:?|\+)?=[ \t]*/

/** Lines, joined where a backslash continues them. The shell removes the backslash. */
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
  /** What `$(shell …)` and `$(eval …)` run, in the order of expansion. */
  readonly shells: MappedText[]
  readonly #variables: ReadonlyMap<string, MappedText>

  constructor(variables: ReadonlyMap<string, MappedText>, shells: MappedText[] = []) {
    this.#variables = variables
    this.shells = shells
  }

  expand(line: MappedText, within: readonly string[] = []): MappedText {
    const { text } = line
    const parts: MappedText[] = []
    let at = 0
    for (let dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
      parts.push(slice(line, at, dollar))
      const end = endOfReference(text, dollar + 1)
      const value = this.#valueOf(slice(line, dollar + 1, end), within)
      // `$(Q)rebar3`: a prefix that the file does not set is usually empty.
      const isAtStart = /(?:^|[;&|(\n])\s*$/.test(parts.map((part) => part.text).join(''))
      const mayBeEmpty = isAtStart && text[end] !== '/'
      parts.push(value ?? placeholder(slice(line, dollar, end), mayBeEmpty))
      at = end
    }
    return join([...parts, slice(line, at, text.length)])
  }

  /** The value of a reference, without its dollar; undefined when the file does not set it. */
  #valueOf(reference: MappedText, within: readonly string[]): MappedText | undefined {
    const offset = reference.offsets[0]! - 1
    if (reference.text === '$') return textAt('$', offset)
    const isLong = /^[({]/.test(reference.text)
    const inner = isLong ? slice(reference, 1, reference.text.length - 1) : reference
    const call = /^shell\s+/.exec(inner.text)
    if (call) return this.#shellValue(slice(inner, call[0].length, inner.text.length), within)
    const name = inner.text
    const applied = /^([a-z]+)\s+/.exec(name)
    if (applied) {
      return this.#functionValue(applied[1]!, slice(inner, applied[0].length, name.length), within)
    }
    if (name === 'MAKE') return textAt('make', offset)
    const value = this.#variables.get(name)
    if (value && !within.includes(name)) {
      const { text, original } = this.expand(value, [...within, name])
      return textAt(text, offset, original)
    }
    // Set by the caller or another file: the name tells the program.
    return /^REBAR3?$/.test(name) ? textAt('rebar3', offset) : undefined
  }

  /** The value of a make function; undefined for functions that yield no command. */
  #functionValue(
    name: string,
    inner: MappedText,
    within: readonly string[],
  ): MappedText | undefined {
    const args = argumentsOf(inner)
    const expanded = (arg: MappedText | undefined) => arg && this.expand(arg, within)
    switch (name) {
      case 'strip':
      case 'firstword':
      case 'sort':
        return expanded(inner)
      case 'or':
        return args.map(expanded).find((one) => one?.text.trim())
      case 'and':
        return expanded(args.at(-1))
      case 'if': {
        const branch = args
          .slice(1)
          .map(expanded)
          .find((one) => one?.text.trim())
        return branch && !/^[\s@+-]*$/.test(branch.text) ? branch : undefined
      }
      case 'call':
        return this.#called(args, within)
      case 'foreach': {
        const [variable, list, text] = args
        const values = expanded(list)?.text.split(/\s+/).filter(Boolean).slice(0, 16) ?? []
        if (!variable || !text) return undefined
        const each = values.map((value) =>
          this.#with([[variable.text.trim(), textAt(value, text.offsets[0]!)]]).expand(
            text,
            within,
          ),
        )
        return join(each.flatMap((one) => [one, textAt(' ', text.offsets[0]!)]))
      }
      case 'eval': {
        const { texts } = makefileTexts(this.expand(inner, within))
        this.shells.push(...texts)
        return undefined
      }
      default:
        return undefined
    }
  }

  #called(
    [name, ...args]: readonly MappedText[],
    within: readonly string[],
  ): MappedText | undefined {
    const own = name?.text.trim() ?? ''
    const value = this.#variables.get(own)
    if (!value || within.includes(own)) return undefined
    const given = args.map((arg, n) => [String(n + 1), this.expand(arg, within)] as const)
    const offset = name!.offsets[0]!
    const { text, original } = this.#with(given).expand(value, [...within, own])
    return textAt(text, offset, original)
  }

  #with(more: readonly (readonly [string, MappedText])[]): Expander {
    return new Expander(new Map([...this.#variables, ...more]), this.shells)
  }

  #shellValue(command: MappedText, within: readonly string[]): MappedText {
    const expanded = this.expand(command, within)
    this.shells.push(expanded)
    const program = /^(?:which|command -v|type -p)\s+([\w./-]+)/.exec(expanded.text)?.[1]
    return textAt(program ?? '_', command.offsets[0]!)
  }
}

/** Splits at commas outside of references. */
function argumentsOf(inner: MappedText): MappedText[] {
  const args: MappedText[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at <= inner.text.length; at++) {
    const char = inner.text[at]
    if (char === '(' || char === '{') depth++
    if (char === ')' || char === '}') depth--
    if (char !== undefined && (char !== ',' || depth > 0)) continue
    args.push(slice(inner, from, at))
    from = at + 1
  }
  return args
}

/** A placeholder for a function, an automatic variable, or a variable of another file. */
function placeholder(reference: MappedText, mayBeEmpty: boolean): MappedText {
  const { text, offsets } = reference
  return mayBeEmpty ? textAt('', offsets[0]!) : textAt('_'.repeat(text.length), offsets[0]!, text)
}

/** The offset after `$X`, `$(…)` or `${…}`. */
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
