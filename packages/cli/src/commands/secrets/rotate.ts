import { posix } from 'node:path'
import { printable, type Synthesis, UserError } from '@erlmcp/core'
import {
  filterExistingVolumes,
  findVolumePasswords,
  finishRotation,
  type RotatedSecret,
  type RotateOptions,
  rotateSecrets,
} from '@erlmcp/secrets/run'
import { type Arguments, command } from '../../command-line/command.ts'
import { flag, format, out, stack, within } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { printJson } from '../../output.ts'
import { withSlowNotice } from '../../report/progress.ts'
import { openProject } from '../../stack/project.ts'

const options = {
  stack,
  expiring: flag('rotate the certificates that expire soon'),
  all: flag('rotate everything but authorities, which rotate only by name'),
  within,
  done: flag('finish a rotation: the old passwords are revoked and deleted'),
  stopped: flag('notify no server, as nothing that reads the secrets runs'),
  out,
  format,
}

/** Writes new contents to files and servers, and prints none. */
export default command({
  operands: { label: '[NAME…]' },
  options,
  async run(args, output) {
    const which = selectionOf(args)
    const { within, stopped, format } = args.options
    const { root, synthesis } = await openProject(args, output)
    if (which === 'done') {
      const done = await finishRotation(root, synthesis.secrets, { stopped })
      if (format === 'json') printJson(output, { done })
      else output.out(done ? 'deleted the old content\n' : 'no rotation was in progress\n')
      return exit.ok
    }
    if (stopped) await validateNotKept(which, synthesis)
    const report = await withSlowNotice('rotating the secrets', output, () =>
      rotateSecrets(root, synthesis.secrets, { which, stopped, within }),
    )
    if (format === 'json') {
      printJson(output, report)
      return exit.ok
    }
    if (report.resumed) output.out('completed an interrupted rotation:\n')
    for (const one of report.rotated) output.out(printable(lineOf(one)))
    if (report.rotated.length === 0) output.out('erlmcp: nothing to rotate\n')
    if (report.open) {
      output.out('once every client uses the new content: erlmcp secrets rotate --done\n')
    }
    return exit.ok
  },
})

/** While its server is stopped, a volume would keep the old password. */
async function validateNotKept(
  which: RotateOptions['which'],
  { artifacts }: Pick<Synthesis, 'artifacts'>,
): Promise<void> {
  const isSelected = (path: string) =>
    which === 'all' ||
    (Array.isArray(which) && which.some((name) => name === path || name === posix.basename(path)))
  const kept = findVolumePasswords(artifacts).filter(({ path }) => isSelected(path))
  const existing = await filterExistingVolumes(kept)
  if (existing === undefined) {
    const { path, service, volume } = kept[0]!
    throw new UserError({
      message: `the engine does not respond, so the volume ${volume} of ${service} may keep the password of ${path}`,
      hint: `Start Docker. If ${service} has no data yet: remove ${path}, and run erlmcp secrets init.`,
      kind: 'environment',
    })
  }
  const [first] = existing
  if (first === undefined) return
  const { path, service, volume } = first
  throw new UserError({
    message: `the volume ${volume} of ${service} keeps the password of ${path}, and would not change it`,
    hint: `Start ${service}, and rotate without --stopped. If its data may be lost: docker volume rm ${volume}.`,
    kind: 'environment',
  })
}

function selectionOf({ operands, options: { all, expiring, done } }: Arguments<typeof options>) {
  const selections: (RotateOptions['which'] | 'done')[] = [
    ...(operands.length > 0 ? [operands] : []),
    ...(all ? ['all' as const] : []),
    ...(expiring ? ['expiring' as const] : []),
    ...(done ? ['done' as const] : []),
  ]
  if (selections.length === 1) return selections[0]!
  throw new UserError({
    message: `secrets rotate: expected names or one of --expiring, --all, --done, got ${selections.length === 0 ? 'nothing' : 'several'}`,
    hint: 'Name the secrets, or write one of the options.',
  })
}

function lineOf({ path, message, servers, readers }: RotatedSecret): string {
  const updated = servers.map((server) => `\n  updated ${server}`)
  const read = readers.map((reader) => `\n  read by ${reader}`)
  return `rotated ${path} (${message})${[...updated, ...read].join('')}\n`
}
