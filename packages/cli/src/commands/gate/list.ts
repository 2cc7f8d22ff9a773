import { printable, shellWord } from '@erlmcp/core'
import { findSets, hasGates } from '@erlmcp/gates/run'
import { command } from '../../command-line/command.ts'
import { format } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { printJson } from '../../output.ts'
import { openProject } from '../../stack/project.ts'

export default command({
  options: { format },
  async run(args, output) {
    const { stack } = await openProject(args, output, { has: hasGates })
    const sets = findSets(stack)
    const rows = sets.flatMap(({ gates }) =>
      gates.gates.map(({ name, spec }) => ({
        name: sets.length > 1 ? `${gates.name}/${name}` : name,
        service: spec.service,
        command: spec.command,
      })),
    )
    const { file } = sets[0]!
    if (args.options.format === 'json') printJson(output, { file, gates: rows })
    else {
      const width = (key: 'name' | 'service') => Math.max(...rows.map((row) => row[key].length))
      const [names, services] = [width('name'), width('service')]
      for (const { name, service, command } of rows) {
        const words = printable(command.map(shellWord).join(' ').replaceAll('\n', '\\n'))
        output.out(`${name.padEnd(names)}  ${service.padEnd(services)}  ${words}\n`)
      }
    }
    return exit.ok
  },
})
