import { posix } from 'node:path'
import { type Synthesis, UserError } from '@erlmcp/core'
import {
  filterExistingVolumes,
  findVolumePasswords,
  finishRotation,
  type RotatedSecret,
  type RotateOptions,
  rotateSecrets,
} from '@erlmcp/secrets/run'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { patiently } from '../progress.ts'
import { openProject } from '../project.ts'
import { wantsJson } from '../report/diagnostics.ts'
import { printable } from '../report/printable.ts'
import { withinOf } from '../within.ts'

/** `erlmcp secrets rotate`: new contents, in files and servers; none is shown. */
export async function secretsRotate(given: Arguments, output: Output): Promise<number> {
  const which = whichOf(given)
  const within = withinOf(given)
  const { stack } = given.options
  const { root, synthesis } = await openProject(
    { ...given, ...(typeof stack === 'string' && { stack }) },
    output,
  )
  const stopped = given.options.stopped === true
  if (which === 'done') {
    const done = await finishRotation(root, synthesis.secrets, { stopped })
    if (wantsJson(given)) output.out(`${JSON.stringify({ done }, null, 2)}\n`)
    else output.out(done ? 'the old content is forgotten\n' : 'no rotation was under way\n')
    return exit.ok
  }
  if (stopped) await refuseKept(which, synthesis)
  const report = await patiently('rotating the secrets', output, () =>
    rotateSecrets(root, synthesis.secrets, { which, stopped, ...within }),
  )
  if (wantsJson(given)) {
    output.out(`${JSON.stringify(report, null, 2)}\n`)
    return exit.ok
  }
  if (report.resumed) output.out('an interrupted rotation was brought to its end:\n')
  for (const one of report.rotated) output.out(printable(lineOf(one)))
  if (report.rotated.length === 0) output.out('erlmcp: nothing to rotate\n')
  if (report.open) output.out(`when all connect with the new: erlmcp secrets rotate --done\n`)
  return exit.ok
}

/** Where its server does not run, a volume would go on with the old password. */
async function refuseKept(
  which: RotateOptions['which'],
  { artifacts }: Pick<Synthesis, 'artifacts'>,
): Promise<void> {
  const isChosen = (path: string) =>
    which === 'all' ||
    (Array.isArray(which) && which.some((name) => name === path || name === posix.basename(path)))
  const kept = findVolumePasswords(artifacts).filter(({ path }) => isChosen(path))
  const there = await filterExistingVolumes(kept)
  if (there === undefined) {
    const { path, service, volume } = kept[0]!
    throw new UserError({
      message: `no engine says whether the volume ${volume} of ${service} keeps the password of ${path}`,
      hint: `Start Docker. Where ${service} has no data yet: remove ${path}, and run erlmcp secrets init.`,
      kind: 'environment',
    })
  }
  const [first] = there
  if (first === undefined) return
  const { path, service, volume } = first
  throw new UserError({
    message: `the volume ${volume} of ${service} keeps the password of ${path}, and would not take the new one`,
    hint: `Start ${service}, and run it without --stopped. If its data may be lost: docker volume rm ${volume}.`,
    kind: 'environment',
  })
}

function whichOf({ operands, options: { all, expiring, done } }: Arguments) {
  const said: (RotateOptions['which'] | 'done')[] = [
    ...(operands.length > 0 ? [operands] : []),
    ...(all ? ['all' as const] : []),
    ...(expiring ? ['expiring' as const] : []),
    ...(done ? ['done' as const] : []),
  ]
  if (said.length === 1) return said[0]!
  throw new UserError({
    message: said.length === 0 ? 'it is not said which secrets' : 'which secrets is said twice',
    hint: 'Name them, or write one of --expiring, --all, --done.',
  })
}

function lineOf({ path, message, servers, readers }: RotatedSecret): string {
  const told = servers.map((server) => `\n  told ${server}`)
  const read = readers.map((reader) => `\n  read by ${reader}`)
  return `rotated ${path} (${message})${[...told, ...read].join('')}\n`
}
