import { type Command, parse, type Redirection } from 'unbash'
import { align, type MappedText, slice } from '../texts/mapped-text.ts'
import { expandWord, outputOf, type ShellVariables, wordValue } from './expand-words.ts'
import { type CommandSite, type Scope, scopeOf, wordNodes } from './scope.ts'
import type { ShellWord, VariableValue } from './shell-word.ts'

/** A command that a shell text runs, without the wrappers before it (`sudo`, `xargs`). */
export interface FoundCommand {
  readonly words: readonly ShellWord[]
  /** Of its first character in the file. */
  readonly offset: number
}

/** A file that a shell text reads or runs. */
export interface Reference {
  /** As written; only the part after an unknown folder. */
  readonly name: string
  readonly kind: 'script' | 'makefile' | 'hooks'
  readonly offset: number
}

/** Takes what the readers find. */
export interface Collector {
  steps: number
  command(found: FoundCommand): void
  reference(found: Reference): void
}

/** The context in which a shell runs a command. */
export interface Invocation extends Pick<CommandSite, 'piped' | 'around' | 'within'> {
  readonly redirects: readonly Redirection[]
  /** Whether the shell itself looks the program up, so that it may be a function or an alias. */
  readonly isDirect: boolean
}

type InputSource = Pick<Invocation, 'piped' | 'around' | 'redirects'>

/** Resolves the standard input and the files that the commands of a shell text read. */
export abstract class ShellInput {
  protected readonly mapped: MappedText
  protected readonly original: string
  protected readonly depth: number
  protected readonly out: Collector
  protected scope: Scope = scopeOf(parse(''), {}, '')
  protected variables: ShellVariables = new Map()
  /** Texts that the commands write into files. */
  readonly #written = new Map<string, MappedText>()

  constructor(mapped: MappedText, depth: number, out: Collector) {
    this.mapped = mapped
    this.original = mapped.original ?? mapped.text
    this.depth = depth
    this.out = out
  }

  /** Reads a text that another shell runs. */
  protected abstract readText(text: MappedText | undefined): void

  protected words(node: Command): ShellWord[] {
    return wordNodes(node).flatMap((word) => this.expand(word))
  }

  protected expand(word: Parameters<typeof expandWord>[0]): ShellWord[] {
    return expandWord(word, this.original, this.variables)
  }

  /** A text in one word, or in the words up to `last`. */
  protected textIn(text: string, { start }: ShellWord, last: { end: number }): MappedText {
    return align(text, slice(this.mapped, start, last.end))
  }

  /** The output of `<(…)`, mapped to the word. */
  protected substitutionText(word: ShellWord): MappedText | undefined {
    const script = /^<\(([\s\S]*)\)$/.exec(word.value)?.[1]
    if (script === undefined) return undefined
    const [site] = scopeOf(parse(script), {}, script).commands
    const values = site ? wordNodes(site.node).map((one) => wordValue(one, this.variables)) : []
    const output = outputOf(values)
    return output && this.textIn(output.value, word, word)
  }

  /** The standard input of a command: a redirection, that of the compound command, or a pipe. */
  protected inputText({ redirects, around, piped }: InputSource): MappedText | undefined {
    for (const redirect of [...redirects, ...around]) {
      const text = this.#redirectedText(redirect)
      if (text) return text
    }
    return piped?.type === 'Command' ? this.#outputText(piped) : undefined
  }

  #redirectedText(redirect: Redirection): MappedText | undefined {
    if (redirect.type === 'HereDoc') {
      return slice(this.mapped, redirect.body.pos, redirect.body.end)
    }
    const [word] = redirect.target ? this.expand(redirect.target) : []
    if (!word) return undefined
    if (redirect.type === 'HereString') return this.textIn(word.value, word, word)
    if (word.value.startsWith('<(')) return this.substitutionText(word)
    return redirect.operator === '<' ? this.#fileText(word) : undefined
  }

  /** The text that a command has written into a file. Other files become references. */
  #fileText(word: ShellWord): MappedText | undefined {
    const text = this.#written.get(withoutDot(word.value))
    if (!text) this.refer(word, 'script')
    return text
  }

  /** The output of a command, where its text shows it. */
  #outputText(node: Command): MappedText | undefined {
    const words = this.words(node)
    const [first, second] = words
    const last = words.at(-1)
    if (!first || !last) return undefined
    if (first.value === 'cat') {
      if (second && !second.value.startsWith('-')) return this.#fileText(second)
      return this.inputText({ redirects: node.redirects, around: [] })
    }
    const output = outputOf(words)
    return output && second && this.textIn(output.value, second, last)
  }

  /** Notes the variables that `read` and `mapfile` set. */
  protected noteInput({ node, ...source }: CommandSite): void {
    const words = this.words(node)
    const builtin = words[0]?.value ?? ''
    if (!/^(?:read|mapfile|readarray)$/.test(builtin)) return
    const names = words.slice(1).filter(({ value }) => /^[A-Za-z_]\w*$/.test(value))
    const name = names[0]?.value
    const text = this.inputText({ redirects: node.redirects, ...source })?.text
    if (name === undefined || text === undefined) return
    const values = this.scope.values as Map<string, VariableValue[]>
    const add = (elements: readonly string[]) =>
      values.set(name, [
        ...(values.get(name) ?? []),
        elements.map((value) => ({ value, known: true })),
      ])
    const lines = text.trim().split('\n').slice(0, 16)
    const isArray = words.some(({ value }) => /^-\w*a$/.test(value))
    if (builtin !== 'read') add(lines)
    else if (isArray) add(lines[0]!.trim().split(/[\s,:;]+/))
    else {
      for (const line of lines) {
        add([names.length > 1 ? line.trim().split(/\s+/)[0]! : line.trim()])
      }
    }
  }

  /** Notes the files that a heredoc, `echo` or `tee` writes. */
  protected noteWritten(node: Command): void {
    const words = this.words(node)
    if (/^(?:tee|install)$/.test(words[0]?.value ?? '')) {
      const input = this.inputText({ redirects: node.redirects, around: [] })
      const files = words.slice(1).filter(({ value }) => !/^-|^\/dev\//.test(value))
      for (const { value } of files) if (input) this.#written.set(withoutDot(value), input)
    }
    for (const redirect of node.redirects) {
      if (redirect.type !== 'Redirect' || !/^>[>|]?$/.test(redirect.operator)) continue
      const [word] = redirect.target ? this.expand(redirect.target) : []
      const text = this.#outputText(node)
      if (word && text) this.#written.set(withoutDot(word.value), text)
    }
  }

  /** Reads a file that the text has written itself; notes a reference to any other. */
  protected refer(word: ShellWord | undefined, kind: Reference['kind']): void {
    if (!word) return
    const text = kind === 'script' ? this.#written.get(withoutDot(word.value)) : undefined
    if (text) {
      this.readText(text)
      return
    }
    // The known path after an unknown folder, as in `$(dirname "$0")/lib.sh`.
    const name = word.known
      ? word.value
      : /(?:^|[}"')\w])\/([\w.@+-][\w./@+-]*)$/.exec(word.value)?.[1]
    if (name) this.out.reference({ name, kind, offset: this.mapped.offsets[word.start]! })
  }
}

const withoutDot = (path: string): string => path.replace(/^\.\//, '')
