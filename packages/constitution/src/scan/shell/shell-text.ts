import { type Command, parse, type SyntaxNode } from 'unbash'
import { programName } from '../../rewrite/rewrite.ts'
import { align, type MappedText, slice } from '../texts/mapped-text.ts'
import { wordValue } from './expand-words.ts'
import type { Collector, FoundCommand, Invocation, Reference } from './input.ts'
import { ShellPrograms } from './programs.ts'
import { type CommandSite, lastValues, type Scope, scopeOf, wordNodes } from './scope.ts'
import type { ShellWord } from './shell-word.ts'
import {
  inputShells,
  shellNames,
  textOptions,
  textPrograms,
  textVariables,
  unwrapCommand,
  wrappers,
} from './wrappers.ts'

/** The commands that a shell text runs, and the files that it hands to a shell or to make. */
export interface ShellContents {
  readonly commands: readonly FoundCommand[]
  readonly references: readonly Reference[]
}

// Bounds for `sh -c` within `sh -c`, and functions that call functions.
const maxDepth = 8
const maxSteps = 5000

const isMake = (program: string): boolean => /^(?:g|b|p|re)?make$/.test(program)

/**
 * Finds every command that a POSIX shell or bash runs in a text, including those in functions, in
 * `$(…)`, in `sh -c '…'`, after `sudo`, `xargs` and `find -exec`, and in a heredoc for a shell.
 * Comments, quoted texts and other heredocs are not commands.
 */
export function findCommands(mapped: MappedText): ShellContents {
  const commands = new Map<string, FoundCommand>()
  const references = new Map<string, Reference>()
  const out: Collector = {
    steps: 0,
    command(found) {
      // The same program at the same offset is one command. For make the goals decide.
      const [first, ...rest] = found.words.map(({ value }) => value)
      const goals = programName(first!) === 'make' ? rest : []
      const key = [found.offset, first, ...goals].join('\0')
      if (!commands.has(key)) commands.set(key, found)
    },
    reference: (found) => references.set(`${found.kind} ${found.name}`, found),
  }
  new ShellText(mapped, 0, out).read({})
  return { commands: [...commands.values()], references: [...references.values()] }
}

class ShellText extends ShellPrograms {
  #callDepth = 0

  read(outer: Partial<Scope>): void {
    if (this.depth <= maxDepth) this.#evaluate(parse(this.mapped.text), outer)
  }

  #evaluate(root: SyntaxNode, outer: Partial<Scope>): void {
    const before = [this.scope, this.variables] as const
    this.scope = scopeOf(root, outer, this.original)
    this.variables = lastValues(this.scope.values)
    for (const site of this.scope.commands) this.noteInput(site)
    this.variables = lastValues(this.scope.values)
    for (const { node } of this.scope.commands) this.noteWritten(node)
    for (const { name, value } of this.scope.assignments) {
      if (value.type !== 'Word') continue
      const [word] = this.expand(value)
      if (/^(?:BASH_)?ENV$/.test(name)) this.refer(word, 'script')
      else if (textVariables.test(name)) this.readWord(word)
    }
    for (const site of this.scope.commands) this.#readEachValue(site)
    ;[this.scope, this.variables] = before
  }

  /** Reads a command once for each value that one of its variables may have. */
  #readEachValue(site: CommandSite): void {
    const { pos, end } = site.node
    const names = this.mapped.text.slice(pos, end).matchAll(/\$\{?!?(\w+|[@*])/g)
    const used = new Set([...names].map(([, name]) => (name === '*' ? '@' : name!)))
    const own = this.variables
    this.#readSite(site)
    for (const name of used) {
      for (const value of this.scope.values.get(name)?.slice(0, -1) ?? []) {
        this.variables = new Map([...own, [name, value]])
        this.#readSite(site)
      }
    }
    this.variables = own
  }

  #readSite({ node, ...at }: CommandSite): void {
    if (++this.out.steps > maxSteps) return
    const words = this.words(node)
    if (words[0]?.value === 'alias') this.#readAliases(node)
    this.readCommand(words, { ...at, redirects: node.redirects, isDirect: true })
  }

  protected readCommand(words: readonly ShellWord[], invocation: Invocation): void {
    const [first, ...rest] = words
    if (!first) return
    const name = first.value
    const inner = { ...invocation, isDirect: false }
    // `time -p rebar3 ct`: the parser keeps `time`, and yields its options as the program.
    if (name.startsWith('-')) {
      this.readCommand(unwrapCommand('time', words) ?? [], invocation)
      return
    }
    const program = programName(name)
    if (invocation.isDirect && this.#call(first, rest, invocation)) return
    if (program === 'env' && this.envSplit(rest, inner)) return
    if (name === 'eval') this.#readJoined(rest)
    else if (name === 'trap') this.readWord(rest[0])
    else if (name === '.' || name === 'source') this.readFile(rest[0], invocation)
    else if (program === 'find') this.find(rest, inner)
    else if (program === 'xargs') this.xargs(rest, inner)
    else if (program === 'git') this.git(rest, inner)
    else if (inputShells.has(program)) this.readText(this.inputText(invocation))
    else if (program === 'busybox') this.readCommand(rest, inner)
    else if (shellNames.has(program)) this.shell(rest, invocation)
    else this.#readProgram(first, rest, inner)
  }

  #readProgram(first: ShellWord, rest: readonly ShellWord[], invocation: Invocation): void {
    const program = programName(first.value)
    const option = textOptions[program]
    const at = option ? rest.findIndex(({ value }) => option.test(value)) : -1
    const wrapped = at < 0 ? unwrapCommand(program, rest) : undefined
    if (program === 'parallel') {
      const texts = rest.findIndex(({ value }) => value === ':::')
      for (const word of texts < 0 ? [] : rest.slice(texts + 1)) this.readWord(word)
    }
    if (textPrograms.has(program)) for (const word of rest) this.readWord(word)
    this.interpreter(program, rest, invocation)
    if (at >= 0) this.readWord(rest[at + 1])
    else if (wrapped && wrappers[program]?.isText) this.#readJoined(wrapped)
    else if (wrapped) this.readCommand(wrapped, invocation)
    else {
      if (isMake(program)) this.make(rest, invocation)
      this.#report(first, rest)
    }
  }

  /** Reports a command under the real name of its program. */
  #report(first: ShellWord, rest: readonly ShellWord[]): void {
    const { copies } = this.scope
    const original = copies.get(first.value) ?? copies.get(first.value.replace(/^(?:\.\.?\/)+/, ''))
    const name = programName(original ?? first.value)
    const offset = this.mapped.offsets[first.start]!
    const report = (words: readonly ShellWord[]) => this.out.command({ words, offset })
    const other = original ?? (isMake(name) && name !== 'make' ? 'make' : undefined)
    if (name.endsWith('.escript')) {
      report([{ ...first, value: 'escript', text: 'escript', known: true }, first, ...rest])
    } else if (other !== undefined) report([{ ...first, value: other, text: other }, ...rest])
    else {
      report([first, ...rest])
      if (first.value.includes('/')) this.refer(first, 'script')
    }
  }

  /** Reads a call of a function or an alias; false for other commands. */
  #call(first: ShellWord, rest: readonly ShellWord[], invocation: Invocation): boolean {
    const { functions, aliases } = this.scope
    const name = first.value
    const alias = aliases.get(name)
    if (alias) {
      const { value } = wordValue(alias, this.variables)
      const text = [value, ...rest.map((word) => word.value)].join(' ')
      // An alias is not expanded again within itself.
      const others = new Map([...aliases].filter(([one]) => one !== name))
      const inner = this.textIn(text, first, rest.at(-1) ?? first)
      new ShellText(inner, this.depth + 1, this.out).read({ ...this.scope, aliases: others })
      return true
    }
    const called = functions.get(name)
    if (!called) return false
    const hasKnown = rest.some(({ known, value }) => known || !/^"?\$/.test(value))
    if (invocation.within.includes(name) || !hasKnown || this.#callDepth >= maxDepth) return true
    const shifts = shiftsIn(called, this.original)
    const values = new Map(this.scope.values)
    values.set('@', [rest, rest.slice(shifts)])
    for (let n = 1; n <= 9; n++) {
      const given = [rest[n - 1 + shifts], rest[n - 1]].filter((one) => one !== undefined)
      if (given.length === 0) values.delete(String(n))
      else
        values.set(
          String(n),
          given.map((one) => [one]),
        )
    }
    this.#callDepth++
    this.#evaluate(called.body, { ...this.scope, values })
    this.#callDepth--
    return true
  }

  #readAliases(node: Command): void {
    for (const [, word] of this.scope.aliases) {
      if (word.pos < node.pos || word.end > node.end) continue
      const { value } = wordValue(word, this.variables)
      this.readText(align(value, slice(this.mapped, word.pos, word.end)))
    }
  }

  protected readFile(word: ShellWord | undefined, invocation: Invocation): void {
    if (!word) return
    if (word.value.startsWith('<(')) this.readText(this.substitutionText(word))
    else if (/^(?:\/dev\/(?:stdin|fd\/0)|-)$/.test(word.value)) {
      this.readText(this.inputText(invocation))
    } else this.refer(word, 'script')
  }

  protected readWord(word: ShellWord | undefined, outer: Partial<Scope> = {}): void {
    if (word) this.#readIn(this.textIn(word.value, word, word), outer)
  }

  /** Reads words as one text, as `eval` does, with the functions of this text. */
  #readJoined(words: readonly ShellWord[]): void {
    const [first] = words
    if (!first) return
    const value = words.map((word) => word.value).join(' ')
    const { functions } = this.scope
    this.#readIn(this.textIn(value, first, words.at(-1)!), { functions })
  }

  protected readText(text: MappedText | undefined): void {
    if (text) this.#readIn(text, {})
  }

  #readIn(text: MappedText, outer: Partial<Scope>): void {
    new ShellText(text, this.depth + 1, this.out).read(outer)
  }
}

/** How many arguments a function removes with `shift`. */
function shiftsIn(called: SyntaxNode, original: string): number {
  return scopeOf(called, {}, original).commands.reduce((sum, { node }) => {
    if (node.name?.value !== 'shift') return sum
    const [count] = wordNodes(node).slice(1)
    return sum + (count ? Number(count.value) || 1 : 1)
  }, 0)
}
