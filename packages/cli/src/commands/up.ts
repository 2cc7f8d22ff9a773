import { describeFailures, startProject, type UpReport } from '@erlmcp/cluster/run'
import { printable } from '@erlmcp/core'
import { command } from '../command-line/command.ts'
import { flag, format, project, seconds, texts } from '../command-line/options.ts'
import { exit } from '../exit.ts'
import { type Output, printJson } from '../output.ts'
import { deploymentOf, fileOperand } from './compose-file.ts'

export default command({
  operands: fileOperand,
  options: {
    project,
    profile: texts('NAME', 'start the services of a profile too'),
    'no-build': flag('use the existing images'),
    wait: seconds('how long the services may take to start', 180),
    format,
  },
  async run({ operands: [file], options }, output) {
    const report = await startProject(deploymentOf(file, options.project), {
      seconds: options.wait,
      build: !options['no-build'],
      ...(options.profile.length > 0 && { profiles: options.profile }),
      progress: (message) => output.progress?.(printable(`erlmcp: ${message} …\n`)),
    })
    if (options.format === 'json') printJson(output, report)
    else printServices(report, output)
    return report.ok ? exit.ok : exit.failed
  },
})

function printServices({ ok, services }: UpReport, output: Output): void {
  for (const one of services) {
    if (one.ok) output.out(printable(`yes  ${one.service}: ${one.state}\n`))
  }
  const failed = services.filter((one) => !one.ok)
  const all = `${services.length} service${services.length === 1 ? '' : 's'}`
  if (ok) output.out(`erlmcp: ${all} up\n`)
  else {
    output.err(printable(`${describeFailures(services)}\n`))
    output.err(`erlmcp: ${failed.length} of ${all} failed to start\n`)
  }
}
