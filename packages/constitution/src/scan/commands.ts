import { type Command, parse, type SyntaxNode } from 'unbash'
import { programName } from '../rewrite/rewrite.ts'
import { behindWrapper } from './behind-wrapper.ts'
import { align, type MappedText, slice } from './mapped-text.ts'
import { last, type Placed, type Scope, scopeOf, wordNodes } from './scope.ts'
import type { Collector, FoundCommand, Reference, Way } from './shell-input.ts'
import { ShellPrograms } from './shell-programs.ts'
import type { ShellWord } from './shell-word.ts'
import { wordsOf, wordValue } from './words.ts'
import {
  inputShells,
  shellNames,
  textOptions,
  textPrograms,
  textVariables,
  wrappers,
} from './wrappers.ts'

/** What a shell text runs, and which files it hands to a shell or to make. */
export interface Runs {
  readonly commands: readonly FoundCommand[]
  readonly references: readonly Reference[]
}

// `sh -c` within `sh -c`, functions that call functions, and so on.
const deepest = 8
const mostSteps = 5000

/**
 * Every command that a text for a POSIX shell or bash runs: also those in functions, in `$(…)`, in
 * `sh -c '…'`, behind `sudo`, `xargs`, `find -exec` and the like, and in what a shell reads from a
 * heredoc. Comments, quoted text and other heredocs are none.
 */
export function runsIn(mapped: MappedText): Runs {
  const commands = new Map<string, FoundCommand>()
  const references = new Map<string, Reference>()
  const out: Collector = {
    steps: 0,
    command(found) {
      // One place may run one program in several ways; only what make does depends on its words.
      const [first, ...rest] = found.words.map(({ value }) => value)
      const words = programName(first!) === 'make' ? rest : []
      const key = [found.offset, first, ...words].join('\0')
      if (!commands.has(key)) commands.set(key, found)
    },
    reference: (found) => references.set(`${found.kind} ${found.name}`, found),
  }
  new ShellText(mapped, 0, out).read({})
  return { commands: [...commands.values()], references: [...references.values()] }
}

class ShellText extends ShellPrograms {
  read(outer: Partial<Scope>): void {
    if (this.depth <= deepest) this.evaluate(parse(this.mapped.text), outer)
  }

  protected evaluate(root: SyntaxNode, outer: Partial<Scope>): void {
    const before = [this.scope, this.variables] as const
    this.scope = scopeOf(root, outer, this.shown)
    this.variables = last(this.scope.held)
    for (const placed of this.scope.commands) this.noteInput(placed)
    this.variables = last(this.scope.held)
    for (const { node } of this.scope.commands) this.noteWritten(node)
    for (const { name, value } of this.scope.assignments) {
      if (value.type !== 'Word') continue
      if (/^(?:BASH_)?ENV$/.test(name))
        this.refer(wordsOf(value, this.shown, this.variables)[0], 'script')
      if (!textVariables.test(name)) continue
      this.nested(wordsOf(value, this.shown, this.variables))
    }
    for (const placed of this.scope.commands) this.eachChoice(placed)
    ;[this.scope, this.variables] = before
  }

  /** A command with each of the values that one of its variables may have. */
  protected eachChoice(placed: Placed): void {
    const { held } = this.scope
    const { pos, end } = placed.node
    const names = this.mapped.text.slice(pos, end).matchAll(/\$\{?!?(\w+|[@*])/g)
    const chosen = new Set([...names].map(([, name]) => (name === '*' ? '@' : name!)))
    const own = this.variables
    this.command(placed)
    for (const name of chosen) {
      for (const value of held.get(name)?.slice(0, -1) ?? []) {
        this.variables = new Map([...own, [name, value]])
        this.command(placed)
      }
    }
    this.variables = own
  }

  protected command({ node, ...at }: Placed): void {
    if (++this.out.steps > mostSteps) return
    const words = this.words(node)
    if (words[0]?.value === 'alias') this.aliasTexts(node)
    this.unwrap(words, { ...at, redirects: node.redirects, isDirect: true })
  }

  protected unwrap(words: readonly ShellWord[], way: Way): void {
    const [first, ...rest] = words
    if (!first) return
    const program = first.value.startsWith('-') ? 'time' : programName(first.value)
    const behind = { ...way, isDirect: false }
    if (way.isDirect && this.call(first, rest, way)) return
    if (program === 'env' && this.envText(rest, behind)) return
    if (first.value === 'eval') this.nested(rest, { all: true })
    else if (first.value === 'trap') this.nested(rest.slice(0, 1))
    else if (first.value === '.' || first.value === 'source') this.file(rest[0], way)
    else if (program === 'find') this.found(rest, behind)
    else if (program === 'xargs') this.xargs(rest, behind)
    else if (program === 'git') this.git(rest, behind)
    else if (program === 'time' && first.value.startsWith('-'))
      this.unwrap(behindWrapper('time', words) ?? [], way)
    else if (inputShells.has(program)) this.text(this.inputText(way))
    else if (program === 'busybox') this.unwrap(rest, behind)
    else if (shellNames.has(program)) this.shell(rest, way)
    else this.other(first, rest, behind)
  }

  protected other(first: ShellWord, rest: readonly ShellWord[], way: Way): void {
    const program = programName(first.value)
    const option = textOptions[program]
    const at = option ? rest.findIndex(({ value }) => option.test(value)) : -1
    const inner = at < 0 ? behindWrapper(program, rest) : undefined
    const texts = rest.slice(rest.findIndex(({ value }) => value === ':::') + 1)
    if (program === 'parallel' && texts.length < rest.length)
      for (const word of texts) this.nested([word])
    if (textPrograms.has(program)) for (const word of rest) this.nested([word])
    this.interpreter(program, rest, way)
    if (at >= 0) this.nested(rest.slice(at + 1, at + 2))
    else if (inner && wrappers[program]?.isText) this.nested(inner, { all: true })
    else if (inner) this.unwrap(inner, way)
    else {
      if (/^(?:g|b|p|re)?make$/.test(program)) this.make(rest, way)
      this.program(first, rest)
    }
  }

  /** A program, under its own name. */
  protected program(first: ShellWord, rest: readonly ShellWord[]): void {
    const { copies } = this.scope
    const original = copies.get(first.value) ?? copies.get(first.value.replace(/^(?:\.\.?\/)+/, ''))
    const name = programName(original ?? first.value)
    const offset = this.mapped.offsets[first.start]!
    const add = (words: readonly ShellWord[]) => this.out.command({ words, offset })
    // Its first line asks for escript.
    const other = original ?? (/^(?:g|b|p|re)make$/.test(name) ? 'make' : undefined)
    if (name.endsWith('.escript')) {
      add([{ ...first, value: 'escript', text: 'escript', known: true }, first, ...rest])
    } else if (other !== undefined) add([{ ...first, value: other, text: other }, ...rest])
    else {
      add([first, ...rest])
      if (first.value.includes('/')) this.refer(first, 'script')
    }
  }

  /** A function or an alias; false where it is none. A function is read with its arguments. */
  protected call(first: ShellWord, rest: readonly ShellWord[], way: Way): boolean {
    const { functions, aliases } = this.scope
    const alias = aliases.get(first.value)
    const name = first.value
    if (alias) {
      const { value } = wordValue(alias, this.variables)
      const text = [value, ...rest.map((word) => word.value)].join(' ')
      const inner = align(text, slice(this.mapped, first.start, rest.at(-1)?.end ?? first.end))
      const others = new Map([...aliases].filter(([one]) => one !== name))
      new ShellText(inner, this.depth + 1, this.out).read({ ...this.scope, aliases: others })
      return true
    }
    const called = functions.get(name)
    if (!called) return false
    const isAnswered = rest.some(({ known, value }) => known || !/^"?\$/.test(value))
    if (way.within.includes(name) || !isAnswered || this.depthOfCalls >= deepest) return true
    const shifts = shiftsIn(called, this.shown)
    const held = new Map(this.scope.held)
    held.set('@', [rest, rest.slice(shifts)])
    for (let n = 1; n <= 9; n++) {
      const values = [rest[n - 1 + shifts], rest[n - 1]].filter((one) => one !== undefined)
      held.set(
        String(n),
        values.map((one) => [one]),
      )
      if (values.length === 0) held.delete(String(n))
    }
    this.depthOfCalls++
    this.evaluate(called.body, { ...this.scope, held })
    this.depthOfCalls--
    return true
  }

  protected depthOfCalls = 0

  protected aliasTexts(node: Command): void {
    for (const [, word] of this.scope.aliases) {
      if (word.pos < node.pos || word.end > node.end) continue
      const { value } = wordValue(word, this.variables)
      const text = align(value, slice(this.mapped, word.pos, word.end))
      new ShellText(text, this.depth + 1, this.out).read({})
    }
  }

  /** A file that a shell reads, also where it is a pipe. */
  protected file(word: ShellWord | undefined, way: Way): void {
    if (!word) return
    const [, script] = /^<\(([\s\S]*)\)$/.exec(word.value) ?? []
    if (script !== undefined) {
      const text = this.textOf(parse(script), script, word)
      if (text) this.text(text)
      return
    }
    if (/^(?:\/dev\/(?:stdin|fd\/0)|-)$/.test(word.value)) {
      this.text(this.inputText(way))
      return
    }
    this.refer(word, 'script')
  }

  /** Words that a shell reads as its text; `eval` joins them. */
  protected nested(
    words: readonly ShellWord[],
    { all = false, outer = {} }: { all?: boolean; outer?: Partial<Scope> } = {},
  ): void {
    const [first] = words
    const end = all ? words.at(-1) : first
    if (!first || !end) return
    const value = (all ? words : [first]).map((word) => word.value).join(' ')
    const written = slice(this.mapped, first.start, end.end)
    const { functions } = this.scope
    const inherited = all ? { ...outer, functions } : outer
    new ShellText(align(value, written), this.depth + 1, this.out).read(inherited)
  }

  protected text(text: MappedText | undefined): void {
    if (text) new ShellText(text, this.depth + 1, this.out).read({})
  }
}

/** How many arguments a function takes off before it runs the rest. */
function shiftsIn(called: SyntaxNode, shown: string): number {
  return scopeOf(called, {}, shown).commands.reduce((sum, { node }) => {
    if (node.name?.value !== 'shift') return sum
    const [count] = wordNodes(node).slice(1)
    return sum + (count ? Number(count.value) || 1 : 1)
  }, 0)
}
