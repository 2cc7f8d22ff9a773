import { findConstitution, scan } from '@erlmcp/constitution/run'
import { command } from '../../command-line/command.ts'
import { reportFormat } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { printJson } from '../../output.ts'
import { isForPrograms, reportDiagnostics, wantsJson } from '../../report/diagnostics.ts'

export default command({
  operands: { label: '[PATH…]' },
  options: { format: reportFormat },
  async run(args, output) {
    const root = process.cwd()
    const { diagnostics, rules, files } = scan(root, findConstitution(root), {
      paths: args.operands,
    })
    const ok = diagnostics.every(({ severity }) => severity !== 'error')
    if (wantsJson(args)) printJson(output, { ok, files, diagnostics })
    else {
      const report = reportDiagnostics({ diagnostics, suppressed: [], rules }, args)
      if (isForPrograms(args)) output.out(report)
      else output.err(report)
    }
    return ok ? exit.ok : exit.failed
  },
})
