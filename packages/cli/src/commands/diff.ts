import type { Arguments } from '../command.ts'
import { driftOf } from '../drift.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { openProject } from '../project.ts'
import { paintPatch } from '../report/colour.ts'
import { wantsJson } from '../report/diagnostics.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp diff`: what synth would change, as a patch. Like `diff`, it ends with 1 when there is. */
export async function diff(given: Arguments, output: Output): Promise<number> {
  const { drift } = await driftOf(await openProject(given, output, { all: true }))
  if (wantsJson(given)) output.out(`${JSON.stringify(drift, null, 2)}\n`)
  for (const { path, message, diff: patch } of drift) {
    if (wantsJson(given)) continue
    const text = printable(patch === '' ? `${path} ${message}\n` : patch)
    output.out(paintPatch(text, output.colour && process.stdout.isTTY))
  }
  return drift.length === 0 ? exit.ok : exit.no
}
