import { setTrafficWeight } from '@erlmcp/cluster/run'
import { UserError } from '@erlmcp/core'
import { command } from '../../command-line/command.ts'
import { withSlowNotice } from '../../report/progress.ts'
import { findTraffic, printReport, shiftOf, shiftOptions } from './deployment.ts'

export default command({
  operands: { label: 'PERCENT', min: 1, max: 1 },
  options: shiftOptions,
  async run(args, output) {
    const percent = parsePercent(args.operands[0]!)
    const { traffic, deployment } = await findTraffic(args, output, 'canary')
    const report = await withSlowNotice(`shifting ${traffic.name}`, output, () =>
      setTrafficWeight(traffic, deployment, percent, shiftOf(args)),
    )
    return printReport(report, args, output)
  },
})

function parsePercent(text: string): number {
  if (/^\d{1,3}%?$/.test(text)) return Number.parseInt(text, 10)
  throw new UserError({
    message: `invalid weight ${JSON.stringify(text)}: expected a whole number of percent`,
    hint: 'Write it like `erlmcp traffic weight 10`.',
  })
}
