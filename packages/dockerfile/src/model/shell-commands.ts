import { memoize, type Path } from '@erlmcp/core'
import type { Run } from '../schema/document.gen.ts'
import type { Dockerfile } from '../schema/document.ts'
import type { Command } from '../schema/text.ts'
import { each, type Place } from './walk.ts'

/** One simple command of a shell text: its words without quotes. */
export interface ShellCommand {
  readonly words: readonly string[]
  /** The operator after it. */
  readonly next: '' | '|' | '&&' | '||' | ';'
}

/**
 * The simple commands of a shell text, as far as they are known without a shell: quotes, escapes
 * and comments are understood; expansions are kept as they are, and bodies of heredocs of the shell
 * are read as commands.
 */
export function commandsOf(command: Command): ShellCommand[] {
  if (typeof command !== 'string') return [{ words: command, next: '' }]
  if (command.startsWith('#!')) return []
  const found: ShellCommand[] = []
  let words: string[] = []
  const end = (next: ShellCommand['next']) => {
    if (words.length > 0) found.push({ words, next })
    words = []
  }
  for (const [token] of command.replace(/\\\n/g, ' ').matchAll(tokens)) {
    if (token.startsWith('#')) continue
    const operator = /^(?:\n|;;?|&&?|\|\|?|[()])$/.exec(token)?.[0]
    if (operator === undefined) words.push(unquote(token))
    else if (operator === '|' || operator === '||' || operator === '&&') end(operator)
    else end(';')
  }
  end('')
  return found
}

const tokens =
  /\n|&&?|\|\|?|;;?|[()]|(?<=^|\s)#[^\n]*|(?:\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\$\([^)]*\)|[^\s\\'"&|;()])+/g

function unquote(token: string): string {
  return token.replace(
    /\\([\s\S])|'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"/g,
    (_all, escaped, single, double) => escaped ?? single ?? double?.replace(/\\(.)/g, '$1') ?? '',
  )
}

const wrappers = new Set(['sudo', 'env', 'exec', 'then', 'do', 'else', 'if', '!', '{', 'time'])

/** The program of a command and its arguments, without assignments and words before it. */
export function programOf({ words }: ShellCommand): readonly string[] {
  const start = words.findIndex((word) => !wrappers.has(word) && !/^\w+=/.test(word))
  return start < 0 ? [] : words.slice(start)
}

/** A simple command of a RUN, with its place. */
export interface PlacedCommand {
  readonly place: Place<Run>
  /** The path of the text that holds it. */
  readonly path: Path
  readonly command: ShellCommand
  readonly argv: readonly string[]
  /** `argv` as one text. */
  readonly text: string
}

/** Every simple command of every RUN, with its place. */
export const eachCommand = memoize((file: Dockerfile): readonly PlacedCommand[] =>
  [...each(file, 'RUN')].flatMap((place) =>
    commandsOf(place.node.command).map((command) => {
      const argv = programOf(command)
      return { place, path: [...place.path, 'command'], command, argv, text: argv.join(' ') }
    }),
  ),
)
