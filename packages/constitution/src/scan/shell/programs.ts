import { makefileTexts } from '../texts/makefile.ts'
import { align, type MappedText } from '../texts/mapped-text.ts'
import { parseGitArguments } from './git-arguments.ts'
import { type Invocation, ShellInput } from './input.ts'
import { type Scope, withoutOffsets } from './scope.ts'
import type { ShellWord, VariableValue } from './shell-word.ts'
import { commandsInCode, interpreters, shellValued, xargsValued } from './wrappers.ts'

/** Reads the arguments of programs that run commands in a way of their own. */
export abstract class ShellPrograms extends ShellInput {
  /** Reads a command that another program runs. */
  protected abstract readCommand(words: readonly ShellWord[], invocation: Invocation): void

  /** Reads a word as a text for a shell. */
  protected abstract readWord(word: ShellWord | undefined, outer?: Partial<Scope>): void

  /** Reads a file that a shell is given. */
  protected abstract readFile(word: ShellWord | undefined, invocation: Invocation): void

  /** `find … -exec PROGRAM … ;` */
  protected find(words: readonly ShellWord[], invocation: Invocation): void {
    for (const [index, { value }] of words.entries()) {
      if (!/^-(?:exec|ok)(?:dir)?$/.test(value)) continue
      const rest = words.slice(index + 1)
      const end = rest.findIndex((word) => word.value === ';' || word.value === '+')
      this.readCommand(rest.slice(0, end < 0 ? undefined : end), invocation)
    }
  }

  protected xargs(words: readonly ShellWord[], invocation: Invocation): void {
    let rest = [...words]
    let placeholder: string | undefined
    while (rest[0] && /^-./.test(rest[0].value)) {
      const { value } = rest[0]
      if (/^-[Ii]/.test(value)) {
        placeholder = value.slice(2) || (value === '-I' ? rest[1]?.value : '{}')
      }
      rest = rest.slice(xargsValued.test(value) ? 2 : 1)
    }
    const input = this.inputText(invocation)?.text.trim() ?? ''
    const last = rest.at(-1)
    if (placeholder === undefined || input === '') {
      this.readCommand(last ? [...rest, ...splitWords(input, last)] : rest, invocation)
      return
    }
    const filled = rest.flatMap((word) =>
      word.value === placeholder
        ? splitWords(input, word)
        : [{ ...word, value: word.value.replaceAll(placeholder, () => input) }],
    )
    this.readCommand(filled, invocation)
  }

  protected git(words: readonly ShellWord[], invocation: Invocation): void {
    const { texts, command } = parseGitArguments(words.map(({ value }) => value))
    for (const { index, count, value } of texts) {
      const from = words[index]
      const to = words[index + count - 1]
      if (from && to) this.readText(this.textIn(value, from, to))
    }
    if (command !== undefined) this.readCommand(words.slice(command), invocation)
    for (const { value, start } of words) {
      const hooks = /^core\.hookspath=(.+)$/i.exec(value)?.[1]
      const offset = this.mapped.offsets[start]!
      if (hooks) this.out.reference({ name: hooks, kind: 'hooks', offset })
    }
    const key = words.findIndex(({ value }) => /^core\.hookspath$/i.test(value))
    if (key >= 0) this.refer(words[key + 1], 'hooks')
  }

  /** `env -S 'PROGRAM …'`; false for other uses of `env`. */
  protected envSplit(words: readonly ShellWord[], invocation: Invocation): boolean {
    const at = words.findIndex(({ value }) => /^(?:-[a-zA-Z]*S|--split-string(?:=|$))/.test(value))
    const program = words.findIndex(isProgram)
    if (at < 0 || (program >= 0 && program < at)) return false
    const word = words[at]!
    const attached = word.value.replace(/^(?:-[a-zA-Z]*?S|--split-string=?)/, '')
    const text = attached === '' ? words[at + 1] : { ...word, value: attached }
    if (!text) return true
    const rest = words.slice(attached === '' ? at + 2 : at + 1)
    const split = splitWords(text.value, text)
    this.readCommand([...split.slice(Math.max(0, split.findIndex(isProgram))), ...rest], invocation)
    return true
  }

  protected shell(words: readonly ShellWord[], invocation: Invocation): void {
    let at = 0
    let hasText = false
    let readsInput = false
    while (words[at] && /^[-+]./.test(words[at]!.value)) {
      const { value } = words[at]!
      if (/^-[a-zA-Z]*c/.test(value) && !value.startsWith('--')) hasText = true
      if (/^-[a-zA-Z]*s/.test(value) && !value.startsWith('--')) readsInput = true
      at += shellValued.test(value) ? 2 : 1
      if (value === '--') break
    }
    const [first, ...operands] = words.slice(at)
    if (hasText) {
      // The words after the text are `$0`, `$1` and so on.
      const [zero, ...args] = withoutOffsets(operands)
      const inherited = [...this.scope.values].filter(([name]) => !/^[@\d]/.test(name))
      const values = new Map<string, readonly VariableValue[]>(inherited)
      for (const [n, one] of args.entries()) values.set(String(n + 1), [[one]])
      if (zero) values.set('0', [[zero]]).set('@', [args])
      this.readWord(first, { values })
    } else if (first && !readsInput) this.readFile(first, invocation)
    else this.readText(this.inputText(invocation))
  }

  protected make(words: readonly ShellWord[], invocation: Invocation): void {
    for (const [index, word] of words.entries()) {
      const { value } = word
      const next = words[index + 1]
      const attached = /^--eval=([\s\S]*)$/.exec(value)?.[1]
      const text = attached ?? (/^(?:-E|--eval)$/.test(value) ? next?.value : undefined)
      if (text !== undefined) {
        const last = attached === undefined ? next! : word
        this.#makefile(this.textIn(text, word, last))
      }
      const named = /^(?:-f|--(?:make)?file=)(.+)$/.exec(value)?.[1]
      const file = named ?? (/^(?:-f|--(?:make)?file)$/.test(value) ? next?.value : undefined)
      if (file === '-') this.#makefile(this.inputText(invocation))
      else if (file?.startsWith('<(')) {
        this.#makefile(this.substitutionText({ ...word, value: file }))
      } else if (file !== undefined) this.refer({ ...word, value: file }, 'makefile')
      // `make CMD='rebar3 ct'`
      const command = /^[A-Za-z_]\w*=([\s\S]*)$/.exec(value)?.[1]
      if (command) this.readText(this.textIn(command, word, word))
    }
  }

  #makefile(source: MappedText | undefined): void {
    for (const text of source ? makefileTexts(source).texts : []) this.readText(text)
  }

  /** Code in another language that starts commands. */
  protected interpreter(
    program: string,
    words: readonly ShellWord[],
    invocation: Invocation,
  ): void {
    const option = interpreters[program.replace(/^python3\.\d+$/, 'python3')]
    if (!option) return
    const input = words.every(({ value }) => value.startsWith('-')) && this.inputText(invocation)
    if (input) {
      for (const line of commandsInCode(input.text)) this.readText(align(line, input))
    }
    for (const [index, word] of words.entries()) {
      const code = /awk$/.test(program) ? word : option.test(word.value) && words[index + 1]
      if (!code) continue
      for (const line of commandsInCode(code.value)) this.readText(this.textIn(line, code, code))
    }
  }
}

const isProgram = ({ value }: ShellWord): boolean => !/^-|^[A-Za-z_]\w*=/.test(value)

function splitWords(text: string, origin: ShellWord): ShellWord[] {
  const pieces = text.split(/[\s\0]+/).filter(Boolean)
  return pieces.map((value) => ({ ...origin, value, text: value }))
}
