import { type Command, parse, type Redirection, type SyntaxNode } from 'unbash'
import { programName } from '../rewrite.ts'
import { gitRuns } from './git.ts'
import { makefileTexts } from './makefile.ts'
import { align, type MappedText, slice } from './mapped-text.ts'
import { last, type Placed, placeless, type Scope, scopeOf, wordNodes } from './scope.ts'
import type { ShellWord } from './shell-word.ts'
import { type Held, outputOf, type ShellVariables, wordsOf, wordValue } from './words.ts'
import {
  inputShells,
  interpreters,
  shellNames,
  shellValued,
  startedBy,
  textOptions,
  textPrograms,
  textVariables,
  wrappers,
  xargsValued,
} from './wrappers.ts'

/** One command that a shell text runs, without what only stands around it (`sudo`, `xargs`…). */
export interface FoundCommand {
  readonly words: readonly ShellWord[]
  /** Where it begins in the file. */
  readonly offset: number
}

/** A file that a shell text reads or runs. */
export interface Reference {
  /** As it is written; where a folder is not known, what stands behind it. */
  readonly name: string
  readonly kind: 'script' | 'makefile' | 'hooks'
  readonly offset: number
}

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

interface Collector {
  steps: number
  command(found: FoundCommand): void
  reference(found: Reference): void
}

/** How a command came to be run. */
interface Way extends Pick<Placed, 'piped' | 'around' | 'within'> {
  readonly redirects: readonly Redirection[]
  /** Whether the shell itself looks it up: then it may be a function or an alias. */
  readonly isDirect: boolean
}

class ShellText {
  readonly #mapped: MappedText
  readonly #shown: string
  readonly #depth: number
  readonly #out: Collector
  #scope: Scope = scopeOf(parse(''), {}, '')
  #variables: ShellVariables = new Map()
  readonly #written = new Map<string, MappedText>()

  constructor(mapped: MappedText, depth: number, out: Collector) {
    this.#mapped = mapped
    this.#shown = mapped.shown ?? mapped.text
    this.#depth = depth
    this.#out = out
  }

  read(outer: Partial<Scope>): void {
    if (this.#depth <= deepest) this.#evaluate(parse(this.#mapped.text), outer)
  }

  #evaluate(root: SyntaxNode, outer: Partial<Scope>): void {
    const before = [this.#scope, this.#variables] as const
    this.#scope = scopeOf(root, outer, this.#shown)
    this.#variables = last(this.#scope.held)
    for (const placed of this.#scope.commands) this.#noteInput(placed)
    this.#variables = last(this.#scope.held)
    for (const { node } of this.#scope.commands) this.#noteWritten(node)
    for (const { name, value } of this.#scope.assignments) {
      if (value.type !== 'Word') continue
      if (/^(?:BASH_)?ENV$/.test(name))
        this.#refer(wordsOf(value, this.#shown, this.#variables)[0], 'script')
      if (!textVariables.test(name)) continue
      this.#nested(wordsOf(value, this.#shown, this.#variables))
    }
    for (const placed of this.#scope.commands) this.#eachChoice(placed)
    ;[this.#scope, this.#variables] = before
  }

  /** A command with each of the values that one of its variables may have. */
  #eachChoice(placed: Placed): void {
    const { held } = this.#scope
    const { pos, end } = placed.node
    const names = this.#mapped.text.slice(pos, end).matchAll(/\$\{?!?(\w+|[@*])/g)
    const chosen = new Set([...names].map(([, name]) => (name === '*' ? '@' : name!)))
    const own = this.#variables
    this.#command(placed)
    for (const name of chosen) {
      for (const value of held.get(name)?.slice(0, -1) ?? []) {
        this.#variables = new Map([...own, [name, value]])
        this.#command(placed)
      }
    }
    this.#variables = own
  }

  #command({ node, ...at }: Placed): void {
    if (++this.#out.steps > mostSteps) return
    const words = this.#words(node)
    if (words[0]?.value === 'alias') this.#aliasTexts(node)
    this.#unwrap(words, { ...at, redirects: node.redirects, isDirect: true })
  }

  #words(node: Command): ShellWord[] {
    return wordNodes(node).flatMap((word) => wordsOf(word, this.#shown, this.#variables))
  }

  #unwrap(words: readonly ShellWord[], way: Way): void {
    const [first, ...rest] = words
    if (!first) return
    const program = first.value.startsWith('-') ? 'time' : programName(first.value)
    const behind = { ...way, isDirect: false }
    if (way.isDirect && this.#call(first, rest, way)) return
    if (program === 'env' && this.#envText(rest, behind)) return
    if (first.value === 'eval') this.#nested(rest, { all: true })
    else if (first.value === 'trap') this.#nested(rest.slice(0, 1))
    else if (first.value === '.' || first.value === 'source') this.#file(rest[0], way)
    else if (program === 'find') this.#found(rest, behind)
    else if (program === 'xargs') this.#xargs(rest, behind)
    else if (program === 'git') this.#git(rest, behind)
    else if (program === 'time' && first.value.startsWith('-'))
      this.#unwrap(behindWrapper('time', words) ?? [], way)
    else if (inputShells.has(program)) this.#text(this.#inputText(way))
    else if (program === 'busybox') this.#unwrap(rest, behind)
    else if (shellNames.has(program)) this.#shell(rest, way)
    else this.#other(first, rest, behind)
  }

  #other(first: ShellWord, rest: readonly ShellWord[], way: Way): void {
    const program = programName(first.value)
    const option = textOptions[program]
    const at = option ? rest.findIndex(({ value }) => option.test(value)) : -1
    const inner = at < 0 ? behindWrapper(program, rest) : undefined
    const texts = rest.slice(rest.findIndex(({ value }) => value === ':::') + 1)
    if (program === 'parallel' && texts.length < rest.length)
      for (const word of texts) this.#nested([word])
    if (textPrograms.has(program)) for (const word of rest) this.#nested([word])
    this.#interpreter(program, rest, way)
    if (at >= 0) this.#nested(rest.slice(at + 1, at + 2))
    else if (inner && wrappers[program]?.isText) this.#nested(inner, { all: true })
    else if (inner) this.#unwrap(inner, way)
    else {
      if (/^(?:g|b|p|re)?make$/.test(program)) this.#make(rest, way)
      this.#program(first, rest)
    }
  }

  /** A program, under its own name. */
  #program(first: ShellWord, rest: readonly ShellWord[]): void {
    const { copies } = this.#scope
    const original = copies.get(first.value) ?? copies.get(first.value.replace(/^(?:\.\.?\/)+/, ''))
    const name = programName(original ?? first.value)
    const offset = this.#mapped.offsets[first.start]!
    const add = (words: readonly ShellWord[]) => this.#out.command({ words, offset })
    // Its first line asks for escript.
    const other = original ?? (/^(?:g|b|p|re)make$/.test(name) ? 'make' : undefined)
    if (name.endsWith('.escript')) {
      add([{ ...first, value: 'escript', text: 'escript', known: true }, first, ...rest])
    } else if (other !== undefined) add([{ ...first, value: other, text: other }, ...rest])
    else {
      add([first, ...rest])
      if (first.value.includes('/')) this.#refer(first, 'script')
    }
  }

  /** A function or an alias; false where it is none. A function is read with its arguments. */
  #call(first: ShellWord, rest: readonly ShellWord[], way: Way): boolean {
    const { functions, aliases } = this.#scope
    const alias = aliases.get(first.value)
    const name = first.value
    if (alias) {
      const { value } = wordValue(alias, this.#variables)
      const text = [value, ...rest.map((word) => word.value)].join(' ')
      const inner = align(text, slice(this.#mapped, first.start, rest.at(-1)?.end ?? first.end))
      const others = new Map([...aliases].filter(([one]) => one !== name))
      new ShellText(inner, this.#depth + 1, this.#out).read({ ...this.#scope, aliases: others })
      return true
    }
    const called = functions.get(name)
    if (!called) return false
    const isAnswered = rest.some(({ known, value }) => known || !/^"?\$/.test(value))
    if (way.within.includes(name) || !isAnswered || this.#depthOfCalls >= deepest) return true
    const shifts = shiftsIn(called, this.#shown)
    const held = new Map(this.#scope.held)
    held.set('@', [rest, rest.slice(shifts)])
    for (let n = 1; n <= 9; n++) {
      const values = [rest[n - 1 + shifts], rest[n - 1]].filter((one) => one !== undefined)
      held.set(
        String(n),
        values.map((one) => [one]),
      )
      if (values.length === 0) held.delete(String(n))
    }
    this.#depthOfCalls++
    this.#evaluate(called.body, { ...this.#scope, held })
    this.#depthOfCalls--
    return true
  }

  #depthOfCalls = 0

  #aliasTexts(node: Command): void {
    for (const [, word] of this.#scope.aliases) {
      if (word.pos < node.pos || word.end > node.end) continue
      const { value } = wordValue(word, this.#variables)
      const text = align(value, slice(this.#mapped, word.pos, word.end))
      new ShellText(text, this.#depth + 1, this.#out).read({})
    }
  }

  /** `find … -exec PROGRAM … ;` */
  #found(words: readonly ShellWord[], way: Way): void {
    for (const [index, { value }] of words.entries()) {
      if (!/^-(?:exec|ok)(?:dir)?$/.test(value)) continue
      const rest = words.slice(index + 1)
      const end = rest.findIndex((word) => word.value === ';' || word.value === '+')
      this.#unwrap(rest.slice(0, end < 0 ? undefined : end), way)
    }
  }

  #xargs(words: readonly ShellWord[], way: Way): void {
    let rest = [...words]
    let place: string | undefined
    while (rest[0] && /^-./.test(rest[0].value)) {
      const { value } = rest[0]
      if (/^-[Ii]/.test(value)) place = value.slice(2) || (value === '-I' ? rest[1]?.value : '{}')
      rest = rest.slice(xargsValued.test(value) ? 2 : 1)
    }
    const text = this.#inputText(way)
    const given = text?.text.trim() ?? ''
    const only = (word: ShellWord) => ({
      ...word,
      value: word.value.replaceAll(place!, () => given),
    })
    const end = rest.at(-1)
    if (place !== undefined && given !== '') {
      const filled = rest.flatMap((word) =>
        word.value === place ? splitWords(given, word) : [only(word)],
      )
      this.#unwrap(filled, way)
    } else this.#unwrap(end ? [...rest, ...splitWords(given, end)] : rest, way)
  }

  #git(words: readonly ShellWord[], way: Way): void {
    const { texts, command } = gitRuns(words.map(({ value }) => value))
    for (const { index, count, value } of texts) {
      const from = words[index]
      const to = words[index + count - 1]
      if (from && to) this.#text(align(value, slice(this.#mapped, from.start, to.end)))
    }
    if (command !== undefined) this.#unwrap(words.slice(command), way)
    for (const { value, start } of words) {
      const hooks = /^core\.hookspath=(.+)$/i.exec(value)?.[1]
      const offset = this.#mapped.offsets[start]!
      if (hooks) this.#out.reference({ name: hooks, kind: 'hooks', offset })
    }
    const key = words.findIndex(({ value }) => /^core\.hookspath$/i.test(value))
    if (key >= 0) this.#refer(words[key + 1], 'hooks')
  }

  /** `env -S 'PROGRAM …'` */
  #envText(words: readonly ShellWord[], way: Way): boolean {
    const at = words.findIndex(({ value }) => /^(?:-[a-zA-Z]*S|--split-string(?:=|$))/.test(value))
    const program = words.findIndex(({ value }) => !/^-|^[A-Za-z_]\w*=/.test(value))
    if (at < 0 || (program >= 0 && program < at)) return false
    const word = words[at]!
    const own = word.value.replace(/^(?:-[a-zA-Z]*?S|--split-string=?)/, '')
    const text = own === '' ? words[at + 1] : { ...word, value: own }
    if (!text) return true
    const rest = words.slice(own === '' ? at + 2 : at + 1)
    const split = splitWords(text.value, text)
    const start = split.findIndex(({ value }) => !/^-|^[A-Za-z_]\w*=/.test(value))
    this.#unwrap([...split.slice(Math.max(0, start)), ...rest], way)
    return true
  }

  #shell(words: readonly ShellWord[], way: Way): void {
    let at = 0
    let isText = false
    let readsInput = false
    while (words[at] && /^[-+]./.test(words[at]!.value)) {
      const { value } = words[at]!
      if (/^-[a-zA-Z]*c/.test(value) && !value.startsWith('--')) isText = true
      if (/^-[a-zA-Z]*s/.test(value) && !value.startsWith('--')) readsInput = true
      at += shellValued.test(value) ? 2 : 1
      if (value === '--') break
    }
    const rest = words.slice(at)
    const [first] = rest
    // Behind `-c` and its text come `$0`, `$1` and so on.
    if (isText) {
      const [zero, ...args] = placeless(rest.slice(1))
      const inherited = [...this.#scope.held].filter(([name]) => !/^[@\d]/.test(name))
      const held = new Map<string, readonly Held[]>(inherited)
      for (const [n, one] of args.entries()) held.set(String(n + 1), [[one]])
      if (zero) held.set('0', [[zero]]).set('@', [args])
      this.#nested(rest.slice(0, 1), { outer: { held } })
    } else if (first && !readsInput) this.#file(first, way)
    else this.#text(this.#inputText(way))
  }

  /** A file that a shell reads, also where it is a pipe. */
  #file(word: ShellWord | undefined, way: Way): void {
    if (!word) return
    const [, script] = /^<\(([\s\S]*)\)$/.exec(word.value) ?? []
    if (script !== undefined) {
      const text = this.#textOf(parse(script), script, word)
      if (text) this.#text(text)
      return
    }
    if (/^(?:\/dev\/(?:stdin|fd\/0)|-)$/.test(word.value)) {
      this.#text(this.#inputText(way))
      return
    }
    this.#refer(word, 'script')
  }

  /** What `<(echo …)` prints: the place is that of the word. */
  #textOf(script: SyntaxNode, source: string, word: ShellWord): MappedText | undefined {
    const [placed] = scopeOf(script, {}, source).commands
    const values = placed
      ? wordNodes(placed.node).map((one) => wordValue(one, this.#variables))
      : []
    const printed = outputOf(values)
    return printed && align(printed.value, slice(this.#mapped, word.start, word.end))
  }

  /** The text that a command reads: from a redirection, a compound command around it, or a pipe. */
  #inputText({
    redirects,
    around,
    piped,
  }: Omit<Way, 'isDirect' | 'within'>): MappedText | undefined {
    for (const redirect of [...redirects, ...around]) {
      const text = this.#redirected(redirect)
      if (text) return text
    }
    return piped?.type === 'Command' ? this.#outputText(piped) : undefined
  }

  #redirected(redirect: Redirection): MappedText | undefined {
    if (redirect.type === 'HereDoc') {
      return slice(this.#mapped, redirect.body.pos, redirect.body.end)
    }
    if (!redirect.target) return undefined
    const [word] = wordsOf(redirect.target, this.#shown, this.#variables)
    if (!word) return undefined
    if (redirect.type === 'HereString') {
      return align(word.value, slice(this.#mapped, word.start, word.end))
    }
    const [, script] = /^<\(([\s\S]*)\)$/.exec(word.value) ?? []
    if (script !== undefined) return this.#textOf(parse(script), script, word)
    return redirect.operator === '<' ? this.#fileText(word) : undefined
  }

  /** What was written into a file just before; one of the project is read as a file of its own. */
  #fileText(word: ShellWord): MappedText | undefined {
    const made = this.#written.get(word.value.replace(/^\.\//, ''))
    if (!made) this.#refer(word, 'script')
    return made
  }

  /** What a command prints, as far as its text says. */
  #outputText(node: Command): MappedText | undefined {
    const words = this.#words(node)
    const [first, second] = words
    const end = words.at(-1)
    if (!first || !end) return undefined
    if (first.value === 'cat') {
      if (second && !second.value.startsWith('-')) return this.#fileText(second)
      return this.#inputText({ redirects: node.redirects, around: [] })
    }
    const printed = outputOf(words)
    return printed && second && align(printed.value, slice(this.#mapped, second.start, end.end))
  }

  #noteInput({ node, around, piped }: Placed): void {
    const words = this.#words(node)
    const builtin = words[0]?.value ?? ''
    if (!/^(?:read|mapfile|readarray)$/.test(builtin)) return
    const names = words.slice(1).filter(({ value }) => /^[A-Za-z_]\w*$/.test(value))
    const name = names[0]?.value
    const text = this.#inputText({
      redirects: node.redirects,
      around,
      ...(piped && { piped }),
    })?.text
    if (name === undefined || text === undefined) return
    const held = this.#scope.held as Map<string, Held[]>
    const hold = (values: readonly string[]) =>
      held.set(name, [...(held.get(name) ?? []), values.map((value) => ({ value, known: true }))])
    const lines = text.trim().split('\n').slice(0, 16)
    const isList = words.some(({ value }) => /^-\w*a$/.test(value))
    if (builtin !== 'read') hold(lines)
    else if (isList) hold(lines[0]!.trim().split(/[\s,:;]+/))
    else
      for (const line of lines)
        hold([names.length > 1 ? line.trim().split(/\s+/)[0]! : line.trim()])
  }

  /** What a heredoc or `echo` writes into a file that is run afterwards. */
  #noteWritten(node: Command): void {
    const words = this.#words(node)
    if (/^(?:tee|install)$/.test(words[0]?.value ?? '')) {
      const input = this.#inputText({ redirects: node.redirects, around: [] })
      const made = words.slice(1).filter(({ value }) => !/^-|^\/dev\//.test(value))
      for (const { value } of made) if (input) this.#written.set(value.replace(/^\.\//, ''), input)
    }
    for (const redirect of node.redirects) {
      if (redirect.type !== 'Redirect' || !/^>[>|]?$/.test(redirect.operator)) continue
      const [word] = redirect.target ? wordsOf(redirect.target, this.#shown, this.#variables) : []
      const text = this.#outputText(node)
      if (word && text) this.#written.set(word.value.replace(/^\.\//, ''), text)
    }
  }

  #make(words: readonly ShellWord[], way: Way): void {
    for (const [index, word] of words.entries()) {
      const { value } = word
      const next = words[index + 1]
      const [, own] = /^--eval=([\s\S]*)$/.exec(value) ?? []
      const text = own ?? (/^(?:-E|--eval)$/.test(value) ? next?.value : undefined)
      if (text !== undefined)
        this.#makefile(
          align(text, slice(this.#mapped, word.start, (own === undefined ? next : word)!.end)),
        )
      const [, file] = /^(?:-f|--(?:make)?file=)(.+)$/.exec(value) ?? []
      const named = file ?? (/^(?:-f|--(?:make)?file)$/.test(value) ? next?.value : undefined)
      if (named === '-') {
        const input = this.#inputText(way)
        if (input) this.#makefile(input)
      } else if (named?.startsWith('<(')) {
        const text = this.#textOf(parse(named.slice(2, -1)), named, word)
        if (text) this.#makefile(text)
      } else if (named !== undefined) this.#refer({ ...word, value: named }, 'makefile')
      // `make CMD='rebar3 ct'`
      const [, command] = /^[A-Za-z_]\w*=([\s\S]*)$/.exec(value) ?? []
      if (command) this.#text(align(command, slice(this.#mapped, word.start, word.end)))
    }
  }

  #makefile(source: MappedText): void {
    const { texts } = makefileTexts(source)
    for (const text of texts) this.#text(text)
  }

  #interpreter(program: string, words: readonly ShellWord[], way: Way): void {
    const option = interpreters[program.replace(/^python3\.\d+$/, 'python3')]
    if (!option) return
    const input = words.every(({ value }) => value.startsWith('-')) && this.#inputText(way)
    if (input) {
      for (const line of startedBy(input.text)) this.#text(align(line, input))
    }
    for (const [index, word] of words.entries()) {
      const code = /awk$/.test(program)
        ? word
        : option.test(word.value)
          ? words[index + 1]
          : undefined
      if (!code) continue
      for (const line of startedBy(code.value)) {
        this.#text(align(line, slice(this.#mapped, code.start, code.end)))
      }
    }
  }

  #refer(word: ShellWord | undefined, kind: Reference['kind']): void {
    if (!word) return
    const made = kind === 'script' && this.#written.get(word.value.replace(/^\.\//, ''))
    if (made) this.#text(made)
    if (made) return
    // Behind a folder that is not known, such as `$(dirname "$0")`, stands one that is.
    const name = word.known
      ? word.value
      : /(?:^|[}"')\w])\/([\w.@+-][\w./@+-]*)$/.exec(word.value)?.[1]
    if (!name) return
    this.#out.reference({ name, kind, offset: this.#mapped.offsets[word.start]! })
  }

  /** Words that a shell reads as its text; `eval` joins them. */
  #nested(
    words: readonly ShellWord[],
    { all = false, outer = {} }: { all?: boolean; outer?: Partial<Scope> } = {},
  ): void {
    const [first] = words
    const end = all ? words.at(-1) : first
    if (!first || !end) return
    const value = (all ? words : [first]).map((word) => word.value).join(' ')
    const written = slice(this.#mapped, first.start, end.end)
    const { functions } = this.#scope
    const inherited = all ? { ...outer, functions } : outer
    new ShellText(align(value, written), this.#depth + 1, this.#out).read(inherited)
  }

  #text(text: MappedText | undefined): void {
    if (text) new ShellText(text, this.#depth + 1, this.#out).read({})
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

function splitWords(text: string, place: ShellWord): ShellWord[] {
  const pieces = text.split(/[\s\0]+/).filter(Boolean)
  return pieces.map((value) => ({ ...place, value, text: value }))
}

/** The words of the program that a wrapper runs, or undefined where it is none. */
function behindWrapper(program: string, words: readonly ShellWord[]): ShellWord[] | undefined {
  const wrapper = Object.hasOwn(wrappers, program) ? wrappers[program] : undefined
  if (!wrapper) return undefined
  // These only look for a program.
  if (program === 'command' && /^-[vV]/.test(words[0]?.value ?? '')) return undefined
  let rest = [...words]
  if (wrapper.after) {
    const at = rest.findIndex(({ value }) => wrapper.after!.test(value))
    return at < 0 ? undefined : rest.slice(at + 1)
  }
  if (wrapper.first) {
    if (!wrapper.first.test(rest[0]?.value ?? '')) return undefined
    const dashes = rest.findIndex(({ value }) => value === '--')
    rest = rest.slice(dashes < 0 ? 1 : dashes + 1)
  }
  while (rest[0] && /^-/.test(rest[0].value)) {
    const isLast = rest[0].value === '--'
    rest = rest.slice(wrapper.valued?.test(rest[0].value) ? 2 : 1)
    if (isLast) break
  }
  const isBehindDashes = wrapper.first && words.some(({ value }) => value === '--')
  if (wrapper.before && !isBehindDashes) {
    rest = rest.slice(wrapper.before)
    while (rest[0]?.value.startsWith('-')) rest = rest.slice(1)
  }
  const start = rest.findIndex(({ value }) => !/^[A-Za-z_]\w*=/.test(value))
  return start < 0 ? [] : rest.slice(start)
}
