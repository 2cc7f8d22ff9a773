import type { Difference, LeftBehind } from '@erlmcp/core'
import type { Arguments } from '../command.ts'
import { driftOf } from '../drift.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { patiently } from '../progress.ts'
import {
  acknowledgeCommand,
  hasErrors,
  openProject,
  type Project,
  synthCommand,
} from '../project.ts'
import { paint } from '../report/colour.ts'
import { countFindings, isForPrograms, reportFindings, wantsJson } from '../report/diagnostics.ts'
import { differenceText } from '../report/difference.ts'
import { leftBehindText } from '../report/left-behind.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp check`: whether the files on the disk are what the stack makes, and it has no error. */
export async function check(given: Arguments, output: Output): Promise<number> {
  const project = await openProject(given, output, { all: true })
  const { synthesis } = project
  const { drift, left } = await patiently('comparing the files', output, () => driftOf(project))
  const { diagnostics, suppressed } = synthesis
  const ok = drift.length === 0 && left.length === 0 && !hasErrors(synthesis)
  if (wantsJson(given)) {
    output.out(`${JSON.stringify({ ok, drift, left, diagnostics, suppressed }, null, 2)}\n`)
    return ok ? exit.ok : exit.no
  }
  // Formats for programs go to the standard output, which people do not read then.
  const report = reportFindings(synthesis, given, output.colour)
  if (isForPrograms(given)) output.out(report)
  else output.err(report)
  output.err(leftBehindText(left, acknowledgeCommand(given), 'error', output.colour))
  sayDrift(drift, given, output)
  if (!ok) output.err(failure(project, left, drift, given, output.colour))
  else if (!isForPrograms(given)) output.out(success(project, output.colour))
  return ok ? exit.ok : exit.no
}

function sayDrift(drift: readonly Difference[], given: Arguments, output: Output): void {
  const diffCommand = synthCommand(given).replace('synth', 'diff')
  for (const difference of drift) {
    const { path, message, hint } = difference
    output.err(printable(`${path} ${message}\n${hint === undefined ? '' : `  ${hint}\n`}`))
    if (given.options.diff) output.err(differenceText(difference, diffCommand, output.colour))
  }
}

/** The last line, and what to do next. */
function failure(
  { synthesis }: Project,
  left: readonly LeftBehind[],
  drift: readonly Difference[],
  given: Arguments,
  colour: boolean | undefined,
): string {
  const inTheWay = drift.filter(({ kind }) => kind === 'edited' || kind === 'foreign').length
  const files = `${drift.length} file${drift.length === 1 ? '' : 's'}`
  const message = [
    countFindings(synthesis, 'error', 'warning', 'note'),
    left.length === 0 ? '' : `${left.length} left behind`,
    drift.length === 0
      ? ''
      : `${files} not as the stack makes ${drift.length === 1 ? 'it' : 'them'}`,
  ]
  const next = hasErrors(synthesis)
    ? 'fix the errors first'
    : left.length > 0
      ? 'deal with what was left behind'
      : inTheWay > 0
        ? `see the change with \`erlmcp check --diff\`, move it into the stack, then run \`${synthCommand(given)}\``
        : `run \`${synthCommand(given)}\``
  const word = paint('check failed', 'red', colour)
  return `erlmcp: ${word}: ${message.filter(Boolean).join(', ')}; ${next}\n`
}

function success({ synthesis }: Project, colour: boolean | undefined): string {
  const count = synthesis.artifacts.length
  const found = countFindings(synthesis, 'warning', 'note')
  const hasNotes = synthesis.diagnostics.some(({ severity }) => severity === 'note')
  const more = found === '' ? '' : `; ${found}${hasNotes ? ' (--notes shows notes)' : ''}`
  const files =
    count === 1
      ? '1 file is as the stack makes it'
      : `all ${count} files are as the stack makes them`
  return `erlmcp: ${paint('ok', 'green', colour)}: ${files}${more}\n`
}
