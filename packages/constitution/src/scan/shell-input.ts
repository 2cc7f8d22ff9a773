import { type Command, parse, type Redirection, type SyntaxNode } from 'unbash'
import { align, type MappedText, slice } from './mapped-text.ts'
import { type Placed, type Scope, scopeOf, wordNodes } from './scope.ts'
import type { ShellWord } from './shell-word.ts'
import { type Held, outputOf, type ShellVariables, wordsOf, wordValue } from './words.ts'

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

/** Where the readers put what they find. */
export interface Collector {
  steps: number
  command(found: FoundCommand): void
  reference(found: Reference): void
}

/** How a command came to be run. */
export interface Way extends Pick<Placed, 'piped' | 'around' | 'within'> {
  readonly redirects: readonly Redirection[]
  /** Whether the shell itself looks it up: then it may be a function or an alias. */
  readonly isDirect: boolean
}

/** What the commands of a shell text read, as far as the text itself says. */
export abstract class ShellInput {
  protected readonly mapped: MappedText
  protected readonly shown: string
  protected readonly depth: number
  protected readonly out: Collector
  protected scope: Scope = scopeOf(parse(''), {}, '')
  protected variables: ShellVariables = new Map()
  protected readonly written = new Map<string, MappedText>()

  constructor(mapped: MappedText, depth: number, out: Collector) {
    this.mapped = mapped
    this.shown = mapped.shown ?? mapped.text
    this.depth = depth
    this.out = out
  }

  /** Reads a text for a shell within this one. */
  protected abstract text(text: MappedText | undefined): void

  protected words(node: Command): ShellWord[] {
    return wordNodes(node).flatMap((word) => wordsOf(word, this.shown, this.variables))
  }

  /** What `<(echo …)` prints: the place is that of the word. */
  protected textOf(script: SyntaxNode, source: string, word: ShellWord): MappedText | undefined {
    const [placed] = scopeOf(script, {}, source).commands
    const values = placed ? wordNodes(placed.node).map((one) => wordValue(one, this.variables)) : []
    const printed = outputOf(values)
    return printed && align(printed.value, slice(this.mapped, word.start, word.end))
  }

  /** The text that a command reads: from a redirection, a compound command around it, or a pipe. */
  protected inputText({
    redirects,
    around,
    piped,
  }: Omit<Way, 'isDirect' | 'within'>): MappedText | undefined {
    for (const redirect of [...redirects, ...around]) {
      const text = this.redirected(redirect)
      if (text) return text
    }
    return piped?.type === 'Command' ? this.outputText(piped) : undefined
  }

  protected redirected(redirect: Redirection): MappedText | undefined {
    if (redirect.type === 'HereDoc') {
      return slice(this.mapped, redirect.body.pos, redirect.body.end)
    }
    if (!redirect.target) return undefined
    const [word] = wordsOf(redirect.target, this.shown, this.variables)
    if (!word) return undefined
    if (redirect.type === 'HereString') {
      return align(word.value, slice(this.mapped, word.start, word.end))
    }
    const [, script] = /^<\(([\s\S]*)\)$/.exec(word.value) ?? []
    if (script !== undefined) return this.textOf(parse(script), script, word)
    return redirect.operator === '<' ? this.fileText(word) : undefined
  }

  /** What was written into a file just before; one of the project is read as a file of its own. */
  protected fileText(word: ShellWord): MappedText | undefined {
    const made = this.written.get(word.value.replace(/^\.\//, ''))
    if (!made) this.refer(word, 'script')
    return made
  }

  /** What a command prints, as far as its text says. */
  protected outputText(node: Command): MappedText | undefined {
    const words = this.words(node)
    const [first, second] = words
    const end = words.at(-1)
    if (!first || !end) return undefined
    if (first.value === 'cat') {
      if (second && !second.value.startsWith('-')) return this.fileText(second)
      return this.inputText({ redirects: node.redirects, around: [] })
    }
    const printed = outputOf(words)
    return printed && second && align(printed.value, slice(this.mapped, second.start, end.end))
  }

  protected noteInput({ node, around, piped }: Placed): void {
    const words = this.words(node)
    const builtin = words[0]?.value ?? ''
    if (!/^(?:read|mapfile|readarray)$/.test(builtin)) return
    const names = words.slice(1).filter(({ value }) => /^[A-Za-z_]\w*$/.test(value))
    const name = names[0]?.value
    const text = this.inputText({
      redirects: node.redirects,
      around,
      ...(piped && { piped }),
    })?.text
    if (name === undefined || text === undefined) return
    const held = this.scope.held as Map<string, Held[]>
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
  protected noteWritten(node: Command): void {
    const words = this.words(node)
    if (/^(?:tee|install)$/.test(words[0]?.value ?? '')) {
      const input = this.inputText({ redirects: node.redirects, around: [] })
      const made = words.slice(1).filter(({ value }) => !/^-|^\/dev\//.test(value))
      for (const { value } of made) if (input) this.written.set(value.replace(/^\.\//, ''), input)
    }
    for (const redirect of node.redirects) {
      if (redirect.type !== 'Redirect' || !/^>[>|]?$/.test(redirect.operator)) continue
      const [word] = redirect.target ? wordsOf(redirect.target, this.shown, this.variables) : []
      const text = this.outputText(node)
      if (word && text) this.written.set(word.value.replace(/^\.\//, ''), text)
    }
  }

  protected refer(word: ShellWord | undefined, kind: Reference['kind']): void {
    if (!word) return
    const made = kind === 'script' && this.written.get(word.value.replace(/^\.\//, ''))
    if (made) this.text(made)
    if (made) return
    // Behind a folder that is not known, such as `$(dirname "$0")`, stands one that is.
    const name = word.known
      ? word.value
      : /(?:^|[}"')\w])\/([\w.@+-][\w./@+-]*)$/.exec(word.value)?.[1]
    if (!name) return
    this.out.reference({ name, kind, offset: this.mapped.offsets[word.start]! })
  }
}
