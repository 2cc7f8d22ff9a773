import { shellWord } from '@erlmcp/core'
import { findSets, hasGates } from '@erlmcp/gates/run'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { openProject } from '../project.ts'
import { wantsJson } from '../report/diagnostics.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp gate list`: the gates of the stack, and what each runs. */
export async function gateList(given: Arguments, output: Output): Promise<number> {
  const { stack } = await openProject(given, output, { has: hasGates })
  const sets = findSets(stack)
  const rows = sets.flatMap(({ gates }) =>
    gates.gates.map(({ name, spec }) => ({
      name: sets.length > 1 ? `${gates.name}/${name}` : name,
      service: spec.service,
      command: spec.command,
    })),
  )
  const { file } = sets[0]!
  if (wantsJson(given)) output.out(`${JSON.stringify({ file, gates: rows }, null, 2)}\n`)
  else {
    const width = (key: 'name' | 'service') => Math.max(...rows.map((row) => row[key].length))
    const [names, services] = [width('name'), width('service')]
    for (const { name, service, command } of rows) {
      const words = printable(command.map(shellWord).join(' ').replaceAll('\n', '\\n'))
      output.out(`${name.padEnd(names)}  ${service.padEnd(services)}  ${words}\n`)
    }
  }
  return exit.ok
}
