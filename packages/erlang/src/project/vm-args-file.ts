import type { Location } from '@erlmcp/core'
import { type FileVariable, variablesOf } from './sys-config-file.ts'

/** A flag of the emulator, with the words up to the next one. */
export interface VmFlag extends Location {
  /** Such as `-name`, `+P` or `-kernel`. */
  readonly flag: string
  readonly values: readonly string[]
}

/** The content of a vm.args or vm.args.src of a project. */
export interface VmArgsFile {
  readonly flags: readonly VmFlag[]
  readonly variables: readonly FileVariable[]
}

/**
 * Reads a vm.args, or a vm.args.src with variables, as the emulator does (erl(1), `-args_file`).
 *
 * @example readVmArgs('-name app@host\n+P 100000', 'config/vm.args').flags[0]?.values // ['app@host']
 */
export function readVmArgs(text: string, file: string): VmArgsFile {
  const flags: (VmFlag & { values: string[] })[] = []
  for (const { word, ...location } of wordsOf(text, file)) {
    const last = flags.at(-1)
    const isFlag = /^[-+][^0-9]/.test(word) || last === undefined
    if (isFlag) flags.push({ flag: word, values: [], ...location })
    else last.values.push(word)
  }
  return { flags, variables: variablesOf(text, file, '#') }
}

// Quotes keep everything, a backslash the next character; `#` begins a comment between words.
const part = /#[^\n]*|\n|[^\S\n]+|((?:\\[\s\S]|"[^"]*"|'[^']*'|[^\s\\"'])+|["'\\])/g

function* wordsOf(text: string, file: string): Iterable<Location & { word: string }> {
  let line = 1
  let start = 0
  for (const { 0: match, 1: word, index } of text.matchAll(part)) {
    if (word !== undefined) yield { word: plain(word), file, line, column: index - start + 1 }
    for (const { index: at } of match.matchAll(/\n/g)) {
      line++
      start = index + at + 1
    }
  }
}

function plain(word: string): string {
  return word.replaceAll(/\\([\s\S])|"([^"]*)"|'([^']*)'/g, (_, char, double, single) => {
    return char ?? double ?? single
  })
}
