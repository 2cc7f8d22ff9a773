import { originOf, UserError } from '@erlmcp/core'
import type { Run } from '../schema/document.gen.ts'
import { instructions } from '../schema/instructions.ts'
import type { Command } from '../schema/text.ts'
import { createInstruction } from './create-instruction.ts'
import type { RunOptions } from './options.gen.ts'
import { type RefersToStages, STAGES } from './reference.ts'
import { resolveOptions } from './resolve-options.ts'

/**
 * RUN: text for the shell, or a list of words for the exec form. Text of several lines becomes a
 * heredoc; one that begins with `#!` is run by that interpreter. The shell expands `$` in it, not
 * the builder.
 *
 * @throws UserError when the text is empty or ends in a backslash, or an option is invalid
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
      message: `RUN ${JSON.stringify(text.slice(-40))} ends in a backslash, which joins the next line`,
      hint: 'Remove the backslash.',
      origin: originOf(run),
    })
  }
  const flags = resolveOptions<Partial<Run>>('run', instructions.RUN.flags, options, run)
  const stages = (options.mounts ?? []).flatMap((one) => one[STAGES] ?? [])
  return createInstruction({ instruction: 'RUN', command: text, ...flags, [STAGES]: stages }, run)
}
