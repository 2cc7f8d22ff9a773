import type { Constitution } from '../constitution.ts'
import { programName, type Rewrite, rewrite } from '../rewrite/rewrite.ts'
import { tasksOf } from '../rewrite/tasks.ts'

/**
 * The Docker form of a command that must not run on the host. Undefined for other commands.
 *
 * @param isErlang whether the file belongs to an Erlang project: only there make goals are gates
 */
export function findDockerForm(
  map: Constitution,
  words: readonly string[],
  isErlang: boolean,
): Rewrite | undefined {
  return isForbidden(map, words, isErlang) ? rewrite(map, words) : undefined
}

function isForbidden(
  map: Constitution,
  [first = '', ...rest]: readonly string[],
  isErlang: boolean,
): boolean {
  const program = programName(first)
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
