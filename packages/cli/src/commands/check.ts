import { differences, preview } from '@erlmcp/core'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import { hasErrors, openProject } from '../project.ts'
import { isForPrograms, reportFindings, wantsJson } from '../report/findings.ts'
import { printable } from '../report/printable.ts'
import type { Output } from '../run.ts'

/** `erlmcp check`: whether the files on the disk are what the stack makes, and it has no error. */
export async function check(given: Arguments, output: Output): Promise<number> {
  const { root, source, synthesis } = await openProject(given)
  const drift = await differences(await preview(root, synthesis.artifacts, { source }))
  const { findings, waived } = synthesis
  const ok = drift.length === 0 && !hasErrors(synthesis)
  if (wantsJson(given)) {
    output.out(`${JSON.stringify({ ok, drift, findings, waived }, null, 2)}\n`)
    return ok ? exit.ok : exit.no
  }
  const report = reportFindings(synthesis, given)
  if (isForPrograms(given)) output.out(report)
  else output.err(report)
  for (const { path, message, diff } of drift) {
    output.err(printable(`erlmcp: ${path} ${message}\n${diff}`))
  }
  if (drift.length > 0) output.err('erlmcp: run `erlmcp synth`\n')
  return ok ? exit.ok : exit.no
}
