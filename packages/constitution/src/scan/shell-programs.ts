import { parse } from 'unbash'
import { gitRuns } from './git.ts'
import { makefileTexts } from './makefile.ts'
import { align, type MappedText, slice } from './mapped-text.ts'
import { placeless, type Scope } from './scope.ts'
import { ShellInput, type Way } from './shell-input.ts'
import type { ShellWord } from './shell-word.ts'
import type { Held } from './words.ts'
import { interpreters, shellValued, startedBy, xargsValued } from './wrappers.ts'

/** Programs that run others, each in its own words. */
export abstract class ShellPrograms extends ShellInput {
  /** Reads a command that another program runs. */
  protected abstract unwrap(words: readonly ShellWord[], way: Way): void

  /** Reads a word as a text for a shell. */
  protected abstract nested(
    words: readonly ShellWord[],
    options?: { all?: boolean; outer?: Partial<Scope> },
  ): void

  /** Reads a file that a shell is given. */
  protected abstract file(word: ShellWord | undefined, way: Way): void

  /** `find … -exec PROGRAM … ;` */
  protected found(words: readonly ShellWord[], way: Way): void {
    for (const [index, { value }] of words.entries()) {
      if (!/^-(?:exec|ok)(?:dir)?$/.test(value)) continue
      const rest = words.slice(index + 1)
      const end = rest.findIndex((word) => word.value === ';' || word.value === '+')
      this.unwrap(rest.slice(0, end < 0 ? undefined : end), way)
    }
  }

  protected xargs(words: readonly ShellWord[], way: Way): void {
    let rest = [...words]
    let place: string | undefined
    while (rest[0] && /^-./.test(rest[0].value)) {
      const { value } = rest[0]
      if (/^-[Ii]/.test(value)) place = value.slice(2) || (value === '-I' ? rest[1]?.value : '{}')
      rest = rest.slice(xargsValued.test(value) ? 2 : 1)
    }
    const text = this.inputText(way)
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
      this.unwrap(filled, way)
    } else this.unwrap(end ? [...rest, ...splitWords(given, end)] : rest, way)
  }

  protected git(words: readonly ShellWord[], way: Way): void {
    const { texts, command } = gitRuns(words.map(({ value }) => value))
    for (const { index, count, value } of texts) {
      const from = words[index]
      const to = words[index + count - 1]
      if (from && to) this.text(align(value, slice(this.mapped, from.start, to.end)))
    }
    if (command !== undefined) this.unwrap(words.slice(command), way)
    for (const { value, start } of words) {
      const hooks = /^core\.hookspath=(.+)$/i.exec(value)?.[1]
      const offset = this.mapped.offsets[start]!
      if (hooks) this.out.reference({ name: hooks, kind: 'hooks', offset })
    }
    const key = words.findIndex(({ value }) => /^core\.hookspath$/i.test(value))
    if (key >= 0) this.refer(words[key + 1], 'hooks')
  }

  /** `env -S 'PROGRAM …'` */
  protected envText(words: readonly ShellWord[], way: Way): boolean {
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
    this.unwrap([...split.slice(Math.max(0, start)), ...rest], way)
    return true
  }

  protected shell(words: readonly ShellWord[], way: Way): void {
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
      const inherited = [...this.scope.held].filter(([name]) => !/^[@\d]/.test(name))
      const held = new Map<string, readonly Held[]>(inherited)
      for (const [n, one] of args.entries()) held.set(String(n + 1), [[one]])
      if (zero) held.set('0', [[zero]]).set('@', [args])
      this.nested(rest.slice(0, 1), { outer: { held } })
    } else if (first && !readsInput) this.file(first, way)
    else this.text(this.inputText(way))
  }

  protected make(words: readonly ShellWord[], way: Way): void {
    for (const [index, word] of words.entries()) {
      const { value } = word
      const next = words[index + 1]
      const [, own] = /^--eval=([\s\S]*)$/.exec(value) ?? []
      const text = own ?? (/^(?:-E|--eval)$/.test(value) ? next?.value : undefined)
      if (text !== undefined)
        this.makefile(
          align(text, slice(this.mapped, word.start, (own === undefined ? next : word)!.end)),
        )
      const [, file] = /^(?:-f|--(?:make)?file=)(.+)$/.exec(value) ?? []
      const named = file ?? (/^(?:-f|--(?:make)?file)$/.test(value) ? next?.value : undefined)
      if (named === '-') {
        const input = this.inputText(way)
        if (input) this.makefile(input)
      } else if (named?.startsWith('<(')) {
        const text = this.textOf(parse(named.slice(2, -1)), named, word)
        if (text) this.makefile(text)
      } else if (named !== undefined) this.refer({ ...word, value: named }, 'makefile')
      // `make CMD='rebar3 ct'`
      const [, command] = /^[A-Za-z_]\w*=([\s\S]*)$/.exec(value) ?? []
      if (command) this.text(align(command, slice(this.mapped, word.start, word.end)))
    }
  }

  protected makefile(source: MappedText): void {
    const { texts } = makefileTexts(source)
    for (const text of texts) this.text(text)
  }

  protected interpreter(program: string, words: readonly ShellWord[], way: Way): void {
    const option = interpreters[program.replace(/^python3\.\d+$/, 'python3')]
    if (!option) return
    const input = words.every(({ value }) => value.startsWith('-')) && this.inputText(way)
    if (input) {
      for (const line of startedBy(input.text)) this.text(align(line, input))
    }
    for (const [index, word] of words.entries()) {
      const code = /awk$/.test(program)
        ? word
        : option.test(word.value)
          ? words[index + 1]
          : undefined
      if (!code) continue
      for (const line of startedBy(code.value)) {
        this.text(align(line, slice(this.mapped, code.start, code.end)))
      }
    }
  }
}

function splitWords(text: string, place: ShellWord): ShellWord[] {
  const pieces = text.split(/[\s\0]+/).filter(Boolean)
  return pieces.map((value) => ({ ...place, value, text: value }))
}
