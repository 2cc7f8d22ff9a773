import { randomBytes } from 'node:crypto'
import { UserError } from '@erlmcp/core'
import { docker } from '@erlmcp/docker'
import type { Contents } from '../contents.ts'
import { type AttachedContainer, startAttached } from './attached-container.ts'

/** A container with tools and with volumes below `/volumes`, which ends with this process. */
export interface VolumeContainer extends AttachedContainer {
  /** Id of the container. */
  readonly container: string
  /** Path of the volume with this index. */
  folder(index: number): string
}

export interface VolumeContainerOptions {
  /** An image with sh and GNU tar. */
  readonly image: string
  /** Names of volumes; `undefined` for a new one that is removed with the container. */
  readonly volumes: readonly (string | undefined)[]
  readonly readOnly?: boolean
  /** Unique on the engine, which makes it a lock. */
  readonly name?: string
}

// What tar needs to read and to restore everything.
const capabilities = {
  reading: ['DAC_READ_SEARCH'],
  writing: ['CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'SETFCAP'],
}

/**
 * Starts the container with the least privileges.
 *
 * @throws UserError where one of that name is running
 */
export async function startVolumeContainer(
  options: VolumeContainerOptions,
): Promise<VolumeContainer> {
  for (let turn = 1; ; turn += 1) {
    try {
      return await startOnce(options)
    } catch (error) {
      // The container of a killed process ends in a moment.
      if (!(error instanceof NameTaken) || turn === 20) throw error
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
}

/** Another container has the name. */
class NameTaken extends UserError {}

async function startOnce(options: VolumeContainerOptions): Promise<VolumeContainer> {
  const { image, volumes, readOnly = false, name } = options
  const folder = (index: number) => `/volumes/${index + 1}`
  const mounts = volumes.flatMap((volume, index) =>
    volume === undefined
      ? ['--volume', folder(index)]
      : ['--volume', `${volume}:${folder(index)}${readOnly ? ':ro' : ''}`],
  )
  const id = name ?? `erlmcp-backup-${randomBytes(6).toString('hex')}`
  const rights = capabilities[readOnly ? 'reading' : 'writing']
  const attached = await startAttached({
    ...{ name: id, image, script: 'echo ready; exec cat >/dev/null' },
    options: [
      ...['--read-only', '--cap-drop', 'ALL', ...rights.flatMap((right) => ['--cap-add', right])],
      ...['--user', '0:0', '--pids-limit', '64', ...mounts],
    ],
    explain: (stderr) => refusal(id, stderr),
  })
  const inspect = ['inspect', '--type', 'container', '--format', '{{.Id}}', id]
  const container = (await docker(inspect, { label: `inspecting ${id}` })).trim()
  return { container, folder, end: attached.end }
}

function refusal(name: string, reply: string): UserError {
  if (reply.includes('already in use')) {
    return new NameTaken({
      message: 'another backup or restore of this project is in progress',
      hint: `Wait for it. Its container is ${name}.`,
      kind: 'environment',
    })
  }
  return new UserError({
    message: 'cannot start a container for the volumes',
    hint: reply.split('\n').slice(-3).join('\n  ') || 'Check the engine with `docker info`.',
    kind: 'environment',
  })
}

/** The container of this name is the lock of a project. */
export const lockContainerName = (project: string): string => `${project}-erlmcp-backup`

/**
 * Finds an image of the deployment with GNU tar, the only tar that keeps all attributes of a file.
 *
 * @param wanted the image that the user has chosen
 * @throws UserError where no image has it
 */
export async function findToolsImage(contents: Contents, wanted?: string): Promise<string> {
  const databases = new Set([...contents.postgres, ...contents.redis].map(({ image }) => image))
  const images = new Set([...databases, ...contents.containers.map(({ image }) => image)])
  for (const image of wanted === undefined ? images : [wanted]) {
    const words = ['run', '--rm', '--network', 'none', '--pull', 'never', '--entrypoint', 'tar']
    const reply = await docker([...words, image, '--version'], { label: 'looking for tar' }).catch(
      () => '',
    )
    if (reply.includes('GNU tar')) return image
  }
  throw new UserError({
    message:
      wanted === undefined
        ? 'no image of the deployment has GNU tar'
        : `${wanted} has no GNU tar, or is not on this engine`,
    hint: 'Name an image on this engine that has it: --tools debian:trixie-slim.',
    kind: 'environment',
  })
}
