import type { Difference } from '@erlmcp/core'
import type { Arguments } from '../command.ts'
import { driftOf } from '../drift.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { patiently } from '../progress.ts'
import { hasErrors, openProject, synthCommand } from '../project.ts'
import { differenceText } from '../report/difference.ts'
import { isForPrograms, reportFindings, wantsJson } from '../report/findings.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp check`: whether the files on the disk are what the stack makes, and it has no error. */
export async function check(given: Arguments, output: Output): Promise<number> {
  const project = await openProject(given, output, { all: true })
  const { synthesis } = project
  const drift = await patiently('comparing the files', output, () => driftOf(project))
  const { findings, waived } = synthesis
  const ok = drift.length === 0 && !hasErrors(synthesis)
  if (wantsJson(given)) {
    output.out(`${JSON.stringify({ ok, drift, findings, waived }, null, 2)}\n`)
    return ok ? exit.ok : exit.no
  }
  if (isForPrograms(given)) output.out(reportFindings(synthesis, given))
  sayDrift(drift, given, output)
  // Behind the differences, which may fill the screen.
  if (!isForPrograms(given)) output.err(reportFindings(synthesis, given))
  if (hasErrors(synthesis)) output.err('erlmcp: mend the errors first\n')
  else if (drift.length > 0) output.err(`erlmcp: run \`${wayOut(drift, given)}\`\n`)
  return ok ? exit.ok : exit.no
}

function sayDrift(drift: readonly Difference[], given: Arguments, output: Output): void {
  const diffCommand = synthCommand(given).replace('synth', 'diff')
  for (const difference of drift) {
    const { path, message, help } = difference
    output.err(printable(`erlmcp: ${path} ${message}\n${help === undefined ? '' : `  ${help}\n`}`))
    output.err(differenceText(difference, diffCommand))
  }
}

function wayOut(drift: readonly Difference[], given: Arguments): string {
  const inTheWay = drift.some(({ what }) => what === 'edited' || what === 'foreign')
  return `${synthCommand(given)}${inTheWay ? ' --force' : ''}`
}
