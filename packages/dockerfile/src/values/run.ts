import { originOf, UserError } from '@erlmcp/core'
import type { Command, Device, Run } from '../schema/document.ts'
import { made } from './create-instruction.ts'
import type { MountValue } from './mount.ts'
import { type RefersToStages, STAGES } from './stage.ts'

export interface RunOptions {
  readonly mounts?: readonly MountValue[]
  /** `none` has only the loopback. Default `default`. */
  readonly network?: 'default' | 'none' | 'host'
  /** `insecure` needs an entitlement of the builder. Default `sandbox`. */
  readonly security?: 'sandbox' | 'insecure'
  /** CDI devices; the builder must be entitled to them. */
  readonly devices?: readonly Device[]
}

/**
 * RUN: text for the shell, or a list of words for the exec form. Text of several lines becomes a
 * heredoc; one that begins with `#!` is run by that interpreter. The shell expands `$` in it, not
 * the builder.
 *
 * @throws UserError when the text is empty or ends in a backslash.
 * @example
 * run('rebar3 as prod release')
 * run(['/usr/bin/env', 'true'])
 * run(heredoc`
 *   set -eu
 *   apt-get update
 * `)
 */
export function run(command: Command, options: RunOptions = {}): Run & RefersToStages {
  const text = typeof command === 'string' ? command.trim() : command
  if (typeof text === 'string' && /(?:^|[^\\])(?:\\\\)*\\$/.test(text)) {
    throw new UserError({
      message: `RUN ${JSON.stringify(text.slice(-40))} ends in a backslash, so that its last line never ends`,
      hint: 'Take the backslash away.',
      origin: originOf(run),
    })
  }
  const stages = (options.mounts ?? []).flatMap((one) => one[STAGES] ?? [])
  return made({ instruction: 'RUN', command: text, ...options, [STAGES]: stages }, run)
}
