import { type Location, type Path, shellWord } from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'
import { programName } from '../rewrite/rewrite.ts'
import { tasksOf } from '../rewrite/tasks.ts'
import type { ShellWord } from './shell/expand-words.ts'

/** A command that a file runs. */
export interface HostCommand {
  readonly words: readonly Pick<ShellWord, 'value' | 'text' | 'known'>[]
  readonly position: Pick<Location, 'line' | 'column'>
  /** The reason of a comment `erlmcp-guard: allow REASON`. Empty when the reason is missing. */
  readonly allowed?: string
}

/** The commands of a file that runs on the host. */
export interface HostFile {
  readonly commands: readonly HostCommand[]
  /** Whether the file belongs to an Erlang project: only there make goals are gates. */
  readonly isErlang: boolean
  /** Why the file cannot be parsed. */
  readonly unreadable?: string
}

/** The commands whose programs the map keeps off the host. */
export function* forbiddenCommands(
  map: Constitution,
  { commands, isErlang }: HostFile,
): Iterable<[Path, HostCommand]> {
  for (const [index, command] of commands.entries()) {
    if (isForbidden(map, command.words, isErlang)) yield [['commands', index], command]
  }
}

function isForbidden(map: Constitution, words: HostCommand['words'], isErlang: boolean): boolean {
  const [first, ...rest] = words.map(({ value }) => value)
  const program = programName(first ?? '')
  const pattern = globPattern(program)
  const rows = map.rows.filter(({ host }) => host[0] === program || pattern?.test(host[0]))
  if (program !== 'make') return rows.length > 0
  // As in the shim: make also builds other things, and its recipes are scanned themselves.
  const goals = tasksOf(program, rest).map(({ name }) => name)
  return isErlang && rows.some(({ host }) => host.length === 1 || goals.includes(host[1]!))
}

/** The pattern of a glob that is specific enough to mean one program: `reba?3`, `rebar*`. */
function globPattern(program: string): RegExp | undefined {
  if (!/[*?[]/.test(program)) return undefined
  const literal = program.replace(/\[[^\]]*\]|[*?]/g, '')
  if (literal.length < (program.includes('*') ? 3 : 2)) return undefined
  const source = program.replace(/\[[^\]]+\]|[*?]|[.+^${}()|\\[\]]/g, (part) => {
    if (part === '*') return '.*'
    return part === '?' ? '.' : part.length > 1 ? part : `\\${part}`
  })
  return new RegExp(`^${source}$`)
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
