import { moveVolume } from '@erlmcp/backup/run'
import { printable } from '@erlmcp/core'
import { command } from '../../command-line/command.ts'
import { defined, format, text } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { printJson } from '../../output.ts'
import { withSlowNotice } from '../../report/progress.ts'

export default command({
  operands: { label: 'OLD NEW', min: 2, max: 2 },
  options: {
    tools: text('IMAGE', 'image with a shell and cp. Default: that of a container of the volume'),
    format,
  },
  async run({ operands: [from, to], options }, output) {
    const moved = await withSlowNotice('copying the volume', output, () =>
      moveVolume(from!, to!, defined({ tools: options.tools })),
    )
    if (options.format === 'json') printJson(output, moved)
    else {
      const files = `${moved.files} file${moved.files === 1 ? '' : 's'}`
      output.out(printable(`erlmcp: ${to} has the data of ${from}: ${files}, compared\n`))
      if (!moved.isRemoved) output.out(printable(removalHint(from!, moved.heldBy)))
    }
    return exit.ok
  },
})

function removalHint(from: string, heldBy: readonly string[]): string {
  const remove = heldBy.length === 0 ? '' : `docker rm ${heldBy.join(' ')} && `
  return `  ${from} still exists. To remove it: ${remove}docker volume rm ${from}\n`
}
