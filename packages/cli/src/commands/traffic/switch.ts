import { switchTraffic } from '@erlmcp/cluster/run'
import { UserError } from '@erlmcp/core'
import { type Arguments, command } from '../../command-line/command.ts'
import { flag } from '../../command-line/options.ts'
import { withSlowNotice } from '../../report/progress.ts'
import { findTraffic, printReport, shiftOf, shiftOptions } from './deployment.ts'

const options = { back: flag('switch to the colour that receives no requests'), ...shiftOptions }

export default command({
  operands: { label: '[blue|green]', max: 1 },
  options,
  async run(args, output) {
    const colour = colourOf(args)
    const { traffic, deployment } = await findTraffic(args, output, 'blue-green')
    const report = await withSlowNotice(`switching ${traffic.name}`, output, () =>
      switchTraffic(traffic, deployment, colour, shiftOf(args)),
    )
    return printReport(report, args, output)
  },
})

function colourOf({ operands: [colour], options: { back } }: Arguments<typeof options>): string {
  if (back && colour === undefined) return 'back'
  if (!back && colour !== undefined && colour !== 'back') return colour
  throw new UserError({
    message: `traffic switch: expected a colour or --back, got ${colour === undefined ? 'nothing' : back ? 'both' : colour}`,
    hint: 'Name one colour, such as `erlmcp traffic switch green`, or write --back.',
  })
}
