import { posix } from 'node:path'
import type { Instruction } from '../schema/document.gen.ts'
import type { Dockerfile } from '../schema/document.ts'
import type { Command } from '../schema/text.ts'
import { literalOf } from '../values/text.ts'
import { commandsOf, programOf } from './shell-commands.ts'
import { lineage, wholeStage } from './walk.ts'

/** The words of the first program that a command runs. */
export function literalWords(command: Command | undefined): readonly string[] {
  if (command === undefined) return []
  if (typeof command !== 'string') return command
  const [first] = commandsOf(command)
  return first ? programOf(first) : []
}

// Folders in which base images and packages install programs.
const system = /^\/(?:usr|bin|sbin|lib|lib64|busybox)\//

/**
 * Whether a file may be in the image of a stage. False only where it is certain: base images do not
 * fill the folder, and no instruction of the stage writes to it.
 */
export function mayHold(file: Dockerfile, stage: number, path: string): boolean {
  const [root] = lineage(file, stage)
  const base = literalOf(file.stages[root!]!.from)
  if (base !== 'scratch' && (system.test(path) || !isGeneral(base))) return true
  let workdir = '/'
  for (const one of wholeStage(file, stage)) {
    if (one.instruction === 'WORKDIR') workdir = posix.resolve(workdir, literalOf(one.path) ?? '/')
    if (mayWrite(one, path, workdir)) return true
  }
  return false
}

// Images of distributions and languages leave /opt and /srv empty. Other images are unknown.
function isGeneral(base: string | undefined): boolean {
  return /^(?:docker\.io\/)?(?:library\/)?(?:debian|ubuntu|alpine|erlang|elixir|scratch)(?:[:@]|$)/.test(
    base ?? '',
  )
}

function mayWrite(one: Instruction, path: string, workdir: string): boolean {
  if (one.instruction === 'COPY' || one.instruction === 'ADD') {
    const literal = literalOf(one.destination)
    if (
      literal === undefined ||
      one.sources.some((source) => typeof source !== 'string' && !('content' in source))
    ) {
      return true
    }
    const to = posix.resolve(workdir, literal)
    return path === to || path.startsWith(to === '/' ? '/' : `${to}/`)
  }
  if (one.instruction !== 'RUN') return false
  const text = typeof one.command === 'string' ? one.command : one.command.join(' ')
  // A relative path or a variable may refer to it, too.
  const parts = path.split('/').filter((part) => part !== '')
  return parts.some((part, n) => text.includes(part) && (n > 0 || parts.length === 1))
}
