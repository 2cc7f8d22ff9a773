import {
  type Assignment,
  type Command,
  forEachChild,
  parse,
  type Redirection,
  type SyntaxNode,
} from 'unbash'
import { programName } from '../rewrite.ts'
import { align, type MappedText, slice } from './mapped-text.ts'
import type { ShellWord } from './shell-word.ts'
import { type ShellVariables, type Value, wordsOf, wordValue } from './words.ts'
import { shellNames, textOptions, wrappers } from './wrappers.ts'

/** One command that a shell text runs, without what only stands around it (`sudo`, `xargs`…). */
export interface FoundCommand {
  readonly words: readonly ShellWord[]
  /** Where it begins in the file. */
  readonly offset: number
}

// `sh -c` within `sh -c`, and so on.
const deepest = 8

/**
 * Every command that a text for a POSIX shell or bash runs: also those in functions, in `$(…)`, in
 * `sh -c '…'`, behind `sudo`, `xargs`, `find -exec` and the like, and in what a shell reads from a
 * heredoc. Comments, quoted text and other heredocs are none.
 */
export function commandsIn(mapped: MappedText, depth = 0): FoundCommand[] {
  if (depth > deepest) return []
  const script = parse(mapped.text)
  const variables = new Map<string, Value>()
  const functions = new Set<string>()
  const nodes: SyntaxNode[] = []
  const visit = (node: SyntaxNode) => {
    nodes.push(node)
    forEachChild(node, visit)
  }
  visit(script)
  for (const node of nodes) {
    if (node.type === 'Assignment') set(node, variables)
    if (node.type === 'Function') functions.add(node.name.value)
  }
  return nodes.flatMap((node) => {
    if (node.type !== 'Command') return []
    const within = new Within(mapped, variables, depth)
    return within.commandsOf(node).filter(({ words }) => !functions.has(words[0]!.value))
  })
}

function set({ name, value }: Assignment, variables: Map<string, Value>): void {
  if (value.type === 'Word') variables.set(name, wordValue(value, variables))
}

class Within {
  readonly #mapped: MappedText
  readonly #variables: ShellVariables
  readonly #depth: number

  constructor(mapped: MappedText, variables: ShellVariables, depth: number) {
    this.#mapped = mapped
    this.#variables = variables
    this.#depth = depth
  }

  commandsOf(node: Command): FoundCommand[] {
    if (!node.name) return []
    const { shown = this.#mapped.text } = this.#mapped
    const args = node.args.filter((one) => one.type === 'Word')
    const words = [node.name, ...args].flatMap((word) => wordsOf(word, shown, this.#variables))
    return this.#unwrap(words, node.redirects)
  }

  #unwrap(words: readonly ShellWord[], redirects: readonly Redirection[]): FoundCommand[] {
    const [first, ...rest] = words
    if (!first) return []
    const program = programName(first.value)
    if (first.value === 'eval') return this.#nested(rest, true)
    if (first.value === 'trap') return this.#nested(rest.slice(0, 1))
    if (program === 'find') return this.#found(rest)
    if (program === 'busybox') return this.#unwrap(rest, redirects)
    if (shellNames.has(program)) return this.#shell(rest, redirects)
    const option = textOptions[program]
    const at = option ? rest.findIndex(({ value }) => option.test(value)) : -1
    if (at >= 0) return this.#nested(rest.slice(at + 1, at + 2))
    const inner = behindWrapper(program, rest)
    if (inner) return this.#unwrap(inner, redirects)
    const offset = this.#mapped.offsets[first.start]!
    // Its first line asks for escript.
    const isEscript = program.endsWith('.escript')
    return [
      {
        words: isEscript ? [{ ...first, value: 'escript', text: 'escript' }, ...words] : words,
        offset,
      },
    ]
  }

  /** `find … -exec PROGRAM … ;` */
  #found(words: readonly ShellWord[]): FoundCommand[] {
    return words.flatMap(({ value }, index) => {
      if (!/^-(?:exec|ok)(?:dir)?$/.test(value)) return []
      const rest = words.slice(index + 1)
      const end = rest.findIndex((word) => word.value === ';' || word.value === '+')
      return this.#unwrap(rest.slice(0, end < 0 ? undefined : end), [])
    })
  }

  #shell(words: readonly ShellWord[], redirects: readonly Redirection[]): FoundCommand[] {
    const at = words.findIndex(({ value }) => /^-[a-zA-Z]*c$/.test(value))
    const isOption = ({ value }: ShellWord) => /^[-+]/.test(value)
    const options = words.findIndex((word) => !isOption(word))
    if (at >= 0 && (options < 0 || at <= options || isOption(words[options - 1] ?? words[0]!))) {
      return this.#nested(words.slice(at + 1, at + 2))
    }
    // With a script it reads that, which is looked at as a file of its own.
    const readsInput = options < 0 || words.some(({ value }) => value === '-s')
    return readsInput ? redirects.flatMap((one) => this.#input(one)) : []
  }

  #input(redirect: Redirection): FoundCommand[] {
    if (redirect.type === 'HereDoc') {
      const { pos, end } = redirect.body
      return commandsIn(slice(this.#mapped, pos, end), this.#depth + 1)
    }
    const { shown = this.#mapped.text } = this.#mapped
    if (redirect.type !== 'HereString' || !redirect.target) return []
    return this.#nested(wordsOf(redirect.target, shown, this.#variables))
  }

  /** Words that a shell reads as its text; `eval` joins them. */
  #nested(words: readonly ShellWord[], all = false): FoundCommand[] {
    const [first] = words
    const last = all ? words.at(-1) : first
    if (!first || !last) return []
    const value = (all ? words : [first]).map((word) => word.value).join(' ')
    const written = slice(this.#mapped, first.start, last.end)
    return commandsIn(align(value, written), this.#depth + 1)
  }
}

/** The words of the program that a wrapper runs, or undefined where it is none. */
function behindWrapper(program: string, words: readonly ShellWord[]): ShellWord[] | undefined {
  const wrapper = Object.hasOwn(wrappers, program) ? wrappers[program] : undefined
  if (!wrapper) return undefined
  // These only look for a program.
  if (program === 'command' && /^-[vV]/.test(words[0]?.value ?? '')) return undefined
  let rest = [...words]
  if (wrapper.first) {
    if (!wrapper.first.test(rest[0]?.value ?? '')) return undefined
    const dashes = rest.findIndex(({ value }) => value === '--')
    rest = rest.slice(dashes < 0 ? 1 : dashes + 1)
  }
  while (rest[0] && /^-./.test(rest[0].value)) {
    const isLast = rest[0].value === '--'
    rest = rest.slice(wrapper.valued?.test(rest[0].value) ? 2 : 1)
    if (isLast) break
  }
  rest = rest.slice(wrapper.before ?? 0)
  const start = rest.findIndex(({ value }) => !/^[A-Za-z_]\w*=/.test(value))
  return start < 0 ? [] : rest.slice(start)
}
