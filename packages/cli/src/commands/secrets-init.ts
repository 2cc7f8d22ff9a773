import { initSecrets, type SecretResult } from '@erlmcp/cluster'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import { openProject } from '../project.ts'
import { wantsJson } from '../report/findings.ts'
import type { Output } from '../run.ts'

/** `erlmcp secrets init`: makes the secret files that are missing, and shows none. */
export async function secretsInit(given: Arguments, output: Output): Promise<number> {
  const { root, synthesis } = await openProject(given)
  const report = await initSecrets(root, synthesis.secrets)
  if (wantsJson(given)) output.out(`${JSON.stringify(report, null, 2)}\n`)
  else {
    for (const folder of report.closed) output.out(`closed ${folder} to other users (0700)\n`)
    for (const secret of report.secrets) say(secret, output)
    if (report.secrets.length === 0) output.out('erlmcp: the stack has no secret files\n')
  }
  return report.ok ? exit.ok : exit.no
}

function say(secret: SecretResult, output: Output): void {
  if (secret.status === 'made') output.out(`made ${secret.path} (${secret.access})\n`)
  if (secret.status === 'kept') output.out(`kept ${secret.path}\n`)
  if (secret.status === 'problem') {
    output.err(`${secret.path}: ${secret.what}\n  ${secret.help}\n`)
  }
}
