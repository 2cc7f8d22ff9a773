import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { UserError } from '@erlmcp/core'
import { docker, mustDocker } from './docker.ts'
import { removeTree } from './evidence-folder.ts'
import { labelsOf } from './leftovers.ts'
import type { Session } from './session.ts'
import { openUp } from './tree.ts'

/** A container that does nothing but hold the volumes of gates open. */
export interface VolumeContainer {
  /** Copies a folder of the host into one of a volume, as the user of the gates. */
  put(from: string, to: string): Promise<void>
  /** Copies a folder of a volume to the host, in place of what is there; none stays none. */
  take(from: string, to: string): Promise<void>
}

/** Holds the volumes of a session's gates open: any service will do, for all have the same. */
export async function withVolumes<Result>(
  { root, dependencies, project, gates }: Session,
  use: (holder: VolumeContainer) => Promise<Result>,
): Promise<Result> {
  const name = `erlmcp-gate-volumes-${process.pid}-${randomBytes(3).toString('hex')}`
  const labels = Object.entries(labelsOf(project)).flatMap(([key, value]) => [
    '--label',
    `${key}=${value}`,
  ])
  await mustDocker(
    [
      ...dependencies.compose,
      ...['run', '--detach', '--no-deps'],
      ...['--name', name, ...labels, '--entrypoint', 'sleep', gates[0]!.spec.service, '3600'],
    ],
    root,
  )
  try {
    return await use({
      put: (from, to) => put(from, name, to, root),
      take: (from, to) => take(name, from, to, root),
    })
  } finally {
    await docker(['rm', '--force', '--volumes', name], root)
  }
}

// `docker cp` would leave root's files there, which the gates could not remove.
async function put(from: string, container: string, to: string, root: string): Promise<void> {
  const unpack = 'mkdir -p "$1" && find "$1" -mindepth 1 -delete && tar -xf - -C "$1"'
  const exec = ['exec', '--interactive', container, 'sh', '-euc', unpack, 'sh', to]
  const pack = spawn('tar', ['-cf', '-', '-C', from, '.'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const receive = spawn('docker', exec, { cwd: root, stdio: ['pipe', 'ignore', 'ignore'] })
  const codes = Promise.all([pack, receive].map(codeOf))
  // A receiver that ends early is told by its exit code.
  await pipeline(pack.stdout, receive.stdin).catch(() => undefined)
  if ((await codes).some((code) => code !== 0)) {
    throw new UserError({
      message: `cannot copy ${from} into the volume of the gates`,
      hint: 'Look whether it is readable, and the engine has room.',
      kind: 'environment',
    })
  }
}

function codeOf(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}

async function take(container: string, from: string, to: string, root: string): Promise<void> {
  const there = await docker(['exec', container, 'test', '-d', from], root)
  if (there.code !== 0) return
  removeTree(to)
  mkdirSync(dirname(to), { recursive: true })
  await mustDocker(['cp', `${container}:${from}`, to], root)
  openUp(to)
}
