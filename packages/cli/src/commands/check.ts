import { type Difference, type LeftBehind, paint, printable } from '@erlmcp/core'
import { type Arguments, command } from '../command-line/command.ts'
import { flag, notes, out, reportFormat } from '../command-line/options.ts'
import { exit } from '../exit.ts'
import { type Output, printJson } from '../output.ts'
import {
  countDiagnostics,
  isForPrograms,
  reportDiagnostics,
  wantsJson,
} from '../report/diagnostics.ts'
import { differenceText } from '../report/difference.ts'
import { leftBehindText } from '../report/left-behind.ts'
import { withSlowNotice } from '../report/progress.ts'
import { findDrift } from '../stack/drift.ts'
import {
  acknowledgeCommand,
  hasErrors,
  openProject,
  type Project,
  synthCommand,
} from '../stack/project.ts'

const options = { out, diff: flag('show how the files differ'), notes, format: reportFormat }
type CheckArguments = Arguments<typeof options>

export default command({
  options,
  async run(args, output) {
    const project = await openProject(args, output, { all: true })
    const { synthesis } = project
    const { drift, left } = await withSlowNotice('comparing the files', output, () =>
      findDrift(project),
    )
    const { diagnostics, suppressed } = synthesis
    const ok = drift.length === 0 && left.length === 0 && !hasErrors(synthesis)
    if (wantsJson(args)) {
      printJson(output, { ok, drift, left, diagnostics, suppressed })
      return ok ? exit.ok : exit.failed
    }
    // Formats for programs go to standard output, alone.
    const report = reportDiagnostics(synthesis, args, output.colour)
    if (isForPrograms(args)) output.out(report)
    else output.err(report)
    output.err(leftBehindText(left, acknowledgeCommand(args), 'error', output.colour))
    printDrift(drift, args, output)
    if (!ok) output.err(failureLine(project, left, drift, args, output.colour))
    else if (!isForPrograms(args)) output.out(successLine(project, output.colour))
    return ok ? exit.ok : exit.failed
  },
})

function printDrift(drift: readonly Difference[], args: CheckArguments, output: Output): void {
  const diffCommand = synthCommand(args).replace('synth', 'diff')
  for (const difference of drift) {
    const { path, message, hint } = difference
    output.err(printable(`${path} ${message}\n${hint === undefined ? '' : `  ${hint}\n`}`))
    if (args.options.diff) output.err(differenceText(difference, diffCommand, output.colour))
  }
}

function failureLine(
  { synthesis }: Project,
  left: readonly LeftBehind[],
  drift: readonly Difference[],
  args: CheckArguments,
  colour: boolean | undefined,
): string {
  const isEdited = drift.some(({ kind }) => kind === 'edited' || kind === 'foreign')
  const files = `${drift.length} file${drift.length === 1 ? ' differs' : 's differ'} from the stack`
  const counts = [
    countDiagnostics(synthesis, 'error', 'warning', 'note'),
    left.length === 0 ? '' : `${left.length} left behind`,
    drift.length === 0 ? '' : files,
  ]
  const next = hasErrors(synthesis)
    ? 'fix the errors first'
    : left.length > 0
      ? 'handle what was left behind'
      : isEdited
        ? `see the change with \`erlmcp check --diff\`, move it into the stack, then run \`${synthCommand(args)}\``
        : `run \`${synthCommand(args)}\``
  const status = paint('check failed', 'red', colour)
  return `erlmcp: ${status}: ${counts.filter(Boolean).join(', ')}; ${next}\n`
}

function successLine({ synthesis }: Project, colour: boolean | undefined): string {
  const count = synthesis.artifacts.length
  const counts = countDiagnostics(synthesis, 'warning', 'note')
  const hasNotes = synthesis.diagnostics.some(({ severity }) => severity === 'note')
  const more = counts === '' ? '' : `; ${counts}${hasNotes ? ' (--notes shows notes)' : ''}`
  const files = count === 1 ? '1 file matches the stack' : `all ${count} files match the stack`
  return `erlmcp: ${paint('ok', 'green', colour)}: ${files}${more}\n`
}
