import { type Location, type Path, shellWord } from '@erlmcp/core'
import type { Rewrite } from '../rewrite/rewrite.ts'
import type { ShellWord } from './shell/shell-word.ts'

/** A command that a file runs. */
export interface HostCommand {
  readonly words: readonly Pick<ShellWord, 'value' | 'text' | 'known'>[]
  readonly position: Pick<Location, 'line' | 'column'>
  /** The Docker form of a command that must not run on the host. Undefined for other commands. */
  readonly dockerForm?: Rewrite
  /** The reason of a comment `erlmcp-guard: allow REASON`. Empty when the reason is missing. */
  readonly allowed?: string
}

export type ForbiddenCommand = HostCommand & Required<Pick<HostCommand, 'dockerForm'>>

/** The commands of a file that runs on the host. */
export interface HostFile {
  readonly commands: readonly HostCommand[]
  /** Why the file cannot be parsed. */
  readonly unreadable?: string
}

/** The commands that must not run on the host. */
export function* forbiddenCommands({ commands }: HostFile): Iterable<[Path, ForbiddenCommand]> {
  for (const [index, command] of commands.entries()) {
    if (command.dockerForm) yield [['commands', index], command as ForbiddenCommand]
  }
}

/** The command as a shell line; words with unknown values as in the source. */
export function formatCommand(words: HostCommand['words']): string {
  return words.map(({ value, text, known }) => (known ? shellWord(value) : text)).join(' ')
}

/** The first line of a command, at most 160 characters. */
export function truncate(line: string): string {
  const [first = '', ...others] = line.split('\n')
  return first.length > 160 || others.length > 0 ? `${first.slice(0, 160).trimEnd()}…` : first
}
