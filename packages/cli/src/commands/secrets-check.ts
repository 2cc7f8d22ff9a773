import {
  type CheckedSecret,
  checkSecrets,
  filterExistingVolumes,
  findVolumePasswords,
} from '@erlmcp/secrets/run'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { patiently } from '../progress.ts'
import { openProject } from '../project.ts'
import { wantsJson } from '../report/diagnostics.ts'
import { printable } from '../report/printable.ts'
import { withinOf } from '../within.ts'

/** `erlmcp secrets check`: looks at the secret files, changes none and shows none. */
export async function secretsCheck(given: Arguments, output: Output): Promise<number> {
  const within = withinOf(given)
  const { root, synthesis } = await openProject(given, output)
  const report = await patiently('checking the secrets', output, () =>
    checkSecrets(root, synthesis.secrets, within),
  )
  if (wantsJson(given)) output.out(`${JSON.stringify(report, null, 2)}\n`)
  else {
    for (const secret of report.secrets) say(secret, output)
    if (!report.asked && report.secrets.length > 0) {
      output.err(
        'erlmcp: no engine answers, so no server was asked whether it takes its password\n',
      )
    }
    const tried = new Set(report.secrets.flatMap((one) => ('tried' in one ? [one.path] : [])))
    const kept = findVolumePasswords(synthesis.artifacts).filter(
      ({ path }) => !tried.has(path) && report.secrets.some((one) => isGood(one, path)),
    )
    for (const { path, service, volume } of (await filterExistingVolumes(kept)) ?? []) {
      output.err(
        printable(
          `erlmcp: ${path} was not tried: ${service} does not answer, and its volume ${volume} keeps a password\n`,
        ),
      )
    }
    if (report.secrets.length === 0) output.out('erlmcp: the stack has no secret files\n')
  }
  return report.ok ? exit.ok : exit.no
}

const isGood = (one: CheckedSecret, path: string): boolean =>
  one.path === path && one.status === 'good'

function say(secret: CheckedSecret, output: Output): void {
  if (secret.status === 'problem') {
    output.err(printable(`${secret.path}: ${secret.message}\n  ${secret.hint}\n`))
    return
  }
  const days = secret.certificates?.map(({ days }) => days) ?? []
  const left = days.length > 0 ? ` (${Math.min(...days)} days left)` : ''
  output.out(printable(`good ${secret.path}${left}\n`))
}
