import { printable, type Synthesis } from '@erlmcp/core'
import {
  type CheckedSecret,
  checkSecrets,
  filterExistingVolumes,
  findVolumePasswords,
} from '@erlmcp/secrets/run'
import { command } from '../../command-line/command.ts'
import { format, out, within } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { type Output, printJson } from '../../output.ts'
import { withSlowNotice } from '../../report/progress.ts'
import { openProject } from '../../stack/project.ts'

/** Reads the secret files, changes none and prints no content. */
export default command({
  options: { within, out, format },
  async run(args, output) {
    const { root, synthesis } = await openProject(args, output)
    const { within } = args.options
    const report = await withSlowNotice('checking the secrets', output, () =>
      checkSecrets(root, synthesis.secrets, { within }),
    )
    if (args.options.format === 'json') printJson(output, report)
    else {
      for (const secret of report.secrets) printSecret(secret, output)
      if (!report.asked && report.secrets.length > 0) {
        output.err('erlmcp: the engine does not respond, so no password was tried at its server\n')
      }
      await printUntried(report.secrets, synthesis, output)
      if (report.secrets.length === 0) output.out('erlmcp: the stack has no secret files\n')
    }
    return report.ok ? exit.ok : exit.failed
  },
})

/** Valid passwords whose server does not run, though a volume of it exists. */
async function printUntried(
  secrets: readonly CheckedSecret[],
  { artifacts }: Synthesis,
  output: Output,
): Promise<void> {
  const untried = (path: string) =>
    secrets.some((one) => one.path === path && one.status === 'valid' && !('tried' in one))
  const kept = findVolumePasswords(artifacts).filter(({ path }) => untried(path))
  for (const { path, service, volume } of (await filterExistingVolumes(kept)) ?? []) {
    output.err(
      printable(
        `erlmcp: ${path} was not tried: ${service} does not respond, and its volume ${volume} keeps a password\n`,
      ),
    )
  }
}

function printSecret(secret: CheckedSecret, output: Output): void {
  if (secret.status === 'problem') {
    output.err(printable(`${secret.path}: ${secret.message}\n  ${secret.hint}\n`))
    return
  }
  const days = secret.certificates?.map(({ days }) => days) ?? []
  const left = days.length > 0 ? ` (${Math.min(...days)} days left)` : ''
  output.out(printable(`valid ${secret.path}${left}\n`))
}
