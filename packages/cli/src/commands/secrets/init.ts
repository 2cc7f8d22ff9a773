import { lstatSync } from 'node:fs'
import { join, posix } from 'node:path'
import { printable, UserError } from '@erlmcp/core'
import {
  filterExistingVolumes,
  findVolumePasswords,
  initSecrets,
  type SecretResult,
  type VolumePassword,
} from '@erlmcp/secrets/run'
import { command } from '../../command-line/command.ts'
import { format, out } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { type Output, printJson } from '../../output.ts'
import { withSlowNotice } from '../../report/progress.ts'
import {
  openProject,
  type Project,
  type ProjectArguments,
  synthCommand,
} from '../../stack/project.ts'

/** Creates the missing secret files, and prints no content. */
export default command({
  options: { out, format },
  async run(args, output) {
    const project = await openProject(args, output)
    validateIgnored(project, args)
    const { root, synthesis } = project
    const report = await withSlowNotice('creating the secrets', output, () =>
      initSecrets(root, synthesis.secrets),
    )
    const made = new Set(
      report.secrets.flatMap(({ path, status }) => (status === 'created' ? [path] : [])),
    )
    const kept = findVolumePasswords(synthesis.artifacts).filter(({ path }) => made.has(path))
    const lost = (await filterExistingVolumes(kept)) ?? []
    if (args.options.format === 'json') printJson(output, { ...report, lost })
    else {
      for (const folder of report.closed) output.out(`closed ${folder} to other users (0700)\n`)
      for (const secret of report.secrets) printSecret(secret, output)
      for (const one of lost) printLost(one, output)
      if (report.secrets.length === 0) output.out('erlmcp: the stack has no secret files\n')
    }
    return report.ok ? exit.ok : exit.failed
  },
})

/** A server with data keeps the password that it was created with. */
function printLost({ path, service, volume }: VolumePassword, output: Output): void {
  output.err(
    printable(
      `erlmcp: ${path} is new, but the volume ${volume} of ${service} exists, and keeps the password that it was created with\n` +
        `  Restore the old password in ${path}; or start ${service}, and rotate its password: erlmcp secrets rotate ${path}; or, if its data may be lost: docker volume rm ${volume}\n`,
    ),
  )
}

/** Without the .gitignore that the stack generates beside them, git would track the secrets. */
function validateIgnored({ root, synthesis }: Project, args: ProjectArguments): void {
  const folders = new Set(synthesis.secrets.map(({ path }) => posix.dirname(path)))
  const missing = synthesis.artifacts
    .map(({ path }) => path)
    .filter((path) => posix.basename(path) === '.gitignore' && folders.has(posix.dirname(path)))
    .find((path) => isMissing(join(root, path)))
  if (missing === undefined) return
  throw new UserError({
    message: `${missing} does not exist yet, which keeps the secrets out of version control`,
    hint: `Run \`${synthCommand(args)}\` first. No secret was created.`,
    kind: 'environment',
  })
}

/** A folder that this user may not enter may contain the file. */
function isMissing(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined
  } catch {
    return false
  }
}

function printSecret(secret: SecretResult, output: Output): void {
  if (secret.status === 'created')
    output.out(printable(`created ${secret.path} (${secret.access})\n`))
  if (secret.status === 'kept') output.out(printable(`kept ${secret.path}\n`))
  if (secret.status === 'problem') {
    output.err(printable(`${secret.path}: ${secret.message}\n  ${secret.hint}\n`))
  }
}
