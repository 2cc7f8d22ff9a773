import { type Location, type Path, shellWord } from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'
import { programName } from '../rewrite/rewrite.ts'
import { tasksOf } from '../rewrite/tasks.ts'
import type { ShellWord } from './shell-word.ts'

/** A command that a file runs, and what is said beside it. */
export interface HostCommand {
  readonly words: readonly Pick<ShellWord, 'value' | 'text' | 'known'>[]
  readonly place: Pick<Location, 'line' | 'column'>
  /** Why it may run on a host: `erlmcp-guard: allow REASON`. Empty where the reason is missing. */
  readonly allowed?: string
}

/** What a file runs on the host that reads it. */
export interface HostFile {
  readonly commands: readonly HostCommand[]
  /** Whether its project is one of Erlang: only there goals of make are gates. */
  readonly erlang: boolean
  /** Why it cannot be read. */
  readonly unreadable?: string
}

/** The commands that the map speaks of. */
export function* forbidden(
  map: Constitution,
  { commands, erlang }: HostFile,
): Iterable<[Path, HostCommand]> {
  for (const [index, command] of commands.entries()) {
    if (isForbidden(map, command.words, erlang)) yield [['commands', index], command]
  }
}

function isForbidden(map: Constitution, words: HostCommand['words'], erlang: boolean): boolean {
  const [first, ...rest] = words.map(({ value }) => value)
  const program = programName(first ?? '')
  const glob = globOf(program)
  const rows = map.rows.filter(({ host }) => host[0] === program || glob?.test(host[0]))
  if (program !== 'make') return rows.length > 0
  // Like the shim: make builds other things too, and what its recipes run is looked at there.
  const goals = tasksOf(program, rest).map(({ name }) => name)
  return erlang && rows.some(({ host }) => host.length === 1 || goals.includes(host[1]!))
}

/** A pattern of file names, where it says enough to mean one program: `reba?3`, `rebar*`. */
function globOf(program: string): RegExp | undefined {
  if (
    !/[*?[]/.test(program) ||
    program.replace(/\[[^\]]*\]|[*?]/g, '').length < (program.includes('*') ? 3 : 2)
  )
    return undefined
  const source = program.replace(/\[[^\]]+\]|[*?]|[.+^${}()|\\[\]]/g, (part) => {
    if (part === '*') return '.*'
    return part === '?' ? '.' : part.length > 1 ? part : `\\${part}`
  })
  return new RegExp(`^${source}$`)
}

/** As it is written where a value cannot be told. */
export function lineOf(words: HostCommand['words']): string {
  return words.map(({ value, text, known }) => (known ? shellWord(value) : text)).join(' ')
}

/** Programs in an argument can be long. */
export function short(line: string): string {
  const end = line.indexOf('\n')
  const first = end < 0 ? line : line.slice(0, end)
  return first.length > 160 || end >= 0 ? `${first.slice(0, 160).trimEnd()}…` : first
}
