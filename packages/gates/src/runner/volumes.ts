import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { UserError } from '@erlmcp/core'
import { docker } from '@erlmcp/docker'
import { tryDocker } from './engine.ts'
import { removeTree } from './evidence-folder.ts'
import { labelsOf } from './leftovers.ts'
import type { Session } from './session.ts'
import { makeAccessible } from './tree.ts'

/** An idle container with the volumes of the gates. */
export interface VolumeContainer {
  /** Replaces a folder of a volume by one of the host, owned by the user of the gates. */
  upload(from: string, to: string): Promise<void>
  /** Replaces a folder of the host by one of a volume, if that exists. */
  download(from: string, to: string): Promise<void>
}

/** Runs a container with the volumes of a session, which all its services share. */
export async function withVolumes<Result>(
  { root, dependencies, project, gates }: Session,
  use: (container: VolumeContainer) => Promise<Result>,
): Promise<Result> {
  const name = `erlmcp-gate-volumes-${process.pid}-${randomBytes(3).toString('hex')}`
  await docker(
    [
      ...dependencies.compose,
      ...['run', '--detach', '--no-deps'],
      ...[
        '--name',
        name,
        ...labelsOf(project),
        '--entrypoint',
        'sleep',
        gates[0]!.spec.service,
        '3600',
      ],
    ],
    { cwd: root, detached: true },
  )
  try {
    return await use({
      upload: (from, to) => upload(from, name, to, root),
      download: (from, to) => download(name, from, to, root),
    })
  } finally {
    await tryDocker(['rm', '--force', '--volumes', name], { cwd: root })
  }
}

// Files of `docker cp` would belong to root, and the gates could not remove them.
async function upload(from: string, container: string, to: string, root: string): Promise<void> {
  const unpack = 'mkdir -p "$1" && find "$1" -mindepth 1 -delete && tar -xf - -C "$1"'
  const exec = ['exec', '--interactive', container, 'sh', '-euc', unpack, 'sh', to]
  const pack = spawn('tar', ['-cf', '-', '-C', from, '.'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const packed = once(pack, 'close')
  const { exitCode } = await tryDocker(exec, { cwd: root, input: pack.stdout })
  if (exitCode === 0 && (await packed)[0] === 0) return
  throw new UserError({
    message: `cannot copy ${from} into the volume of the gates`,
    hint: 'Check that the folder is readable and the engine has free disk space.',
    kind: 'environment',
  })
}

async function download(container: string, from: string, to: string, root: string): Promise<void> {
  const exists = await tryDocker(['exec', container, 'test', '-d', from], { cwd: root })
  if (exists.exitCode !== 0) return
  removeTree(to)
  mkdirSync(dirname(to), { recursive: true })
  await docker(['cp', `${container}:${from}`, to], { cwd: root, detached: true })
  makeAccessible(to)
}
