import { lstatSync } from 'node:fs'
import { join, posix } from 'node:path'
import { UserError } from '@erlmcp/core'
import {
  filterExistingVolumes,
  findVolumePasswords,
  initSecrets,
  type SecretResult,
  type VolumePassword,
} from '@erlmcp/secrets/run'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { patiently } from '../progress.ts'
import { openProject, type Project, synthCommand } from '../project.ts'
import { wantsJson } from '../report/diagnostics.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp secrets init`: makes the secret files that are missing, and shows none. */
export async function secretsInit(given: Arguments, output: Output): Promise<number> {
  const project = await openProject(given, output)
  refuseUnignored(project, given)
  const { root, synthesis } = project
  const report = await patiently('making the secrets', output, () =>
    initSecrets(root, synthesis.secrets),
  )
  const made = new Set(
    report.secrets.flatMap(({ path, status }) => (status === 'made' ? [path] : [])),
  )
  const kept = findVolumePasswords(synthesis.artifacts).filter(({ path }) => made.has(path))
  const lost = (await filterExistingVolumes(kept)) ?? []
  if (wantsJson(given)) output.out(`${JSON.stringify({ ...report, lost }, null, 2)}\n`)
  else {
    for (const folder of report.closed) output.out(`closed ${folder} to other users (0700)\n`)
    for (const secret of report.secrets) say(secret, output)
    for (const one of lost) sayLost(one, output)
    if (report.secrets.length === 0) output.out('erlmcp: the stack has no secret files\n')
  }
  return report.ok ? exit.ok : exit.no
}

/** A new password beside old data: the server goes on with the one that it was made with. */
function sayLost({ path, service, volume }: VolumePassword, output: Output): void {
  output.err(
    printable(
      `erlmcp: ${path} is new, but the volume ${volume} of ${service} is there, and keeps the password that it was made with\n` +
        `  Put the old password back into ${path}; or start ${service}, and have it take a new one: erlmcp secrets rotate ${path}; or, if its data may be lost: docker volume rm ${volume}\n`,
    ),
  )
}

/** Before the .gitignore is there that the stack makes beside them, git would take the secrets. */
function refuseUnignored({ root, synthesis }: Project, given: Arguments): void {
  const folders = new Set(synthesis.secrets.map(({ path }) => posix.dirname(path)))
  const missing = synthesis.artifacts
    .map(({ path }) => path)
    .filter((path) => posix.basename(path) === '.gitignore' && folders.has(posix.dirname(path)))
    .find((path) => isMissing(join(root, path)))
  if (missing === undefined) return
  throw new UserError({
    message: `${missing} is not there yet, which keeps the secrets out of version control`,
    hint: `Run \`${synthCommand(given)}\` first. No secret was made.`,
    kind: 'environment',
  })
}

/** Behind a folder that this user may not enter it may well be. */
function isMissing(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined
  } catch {
    return false
  }
}

function say(secret: SecretResult, output: Output): void {
  if (secret.status === 'made') output.out(printable(`made ${secret.path} (${secret.access})\n`))
  if (secret.status === 'kept') output.out(printable(`kept ${secret.path}\n`))
  if (secret.status === 'problem') {
    output.err(printable(`${secret.path}: ${secret.message}\n  ${secret.hint}\n`))
  }
}
