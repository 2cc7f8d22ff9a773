import { printable } from '@erlmcp/core'
import { command } from '../command-line/command.ts'
import { format, out } from '../command-line/options.ts'
import { exit } from '../exit.ts'
import { printJson } from '../output.ts'
import { paintPatch } from '../report/patch.ts'
import { findDrift } from '../stack/drift.ts'
import { openProject } from '../stack/project.ts'

/** Prints a patch, and like `diff` exits with 1 unless it is empty. */
export default command({
  options: { out, format },
  async run(args, output) {
    const { drift } = await findDrift(await openProject(args, output, { all: true }))
    if (args.options.format === 'json') printJson(output, drift)
    else {
      for (const { path, message, diff } of drift) {
        const text = printable(diff === '' ? `${path} ${message}\n` : diff)
        output.out(paintPatch(text, output.colour && process.stdout.isTTY))
      }
    }
    return drift.length === 0 ? exit.ok : exit.failed
  },
})
