import { randomBytes } from 'node:crypto'
import { UserError } from '@erlmcp/core'
import { docker } from '@erlmcp/docker'
import { type AttachedContainer, startAttached } from './attached-container.ts'
import type { Contents } from './contents.ts'

/** A container with tools, and volumes below `/volumes`, that ends with this process. */
export interface Helper extends AttachedContainer {
  /** Its id. */
  readonly container: string
  /** Where the volume of this place in the list is. */
  folder(index: number): string
}

export interface HelperOptions {
  /** An image with sh and GNU tar. */
  readonly image: string
  /** Names of volumes; without a name it is a new one that goes with the container. */
  readonly volumes: readonly (string | undefined)[]
  readonly readOnly?: boolean
  /** Unique on the engine, so that of two one is refused. */
  readonly name?: string
}

// What tar needs to read all, and to give all back.
const capabilities = {
  reading: ['DAC_READ_SEARCH'],
  writing: ['CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'SETFCAP'],
}

/**
 * Starts it with the least rights.
 *
 * @throws UserError when one of that name runs
 */
export async function startHelper(options: HelperOptions): Promise<Helper> {
  for (let turn = 1; ; turn += 1) {
    try {
      return await started(options)
    } catch (error) {
      // That of a process which was killed is about to go.
      if (!(error instanceof Busy) || turn === 20) throw error
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
}

/** Another has the name. */
class Busy extends UserError {}

async function started(options: HelperOptions): Promise<Helper> {
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
    explain: (stderr) => refused(id, stderr),
  })
  const inspect = ['inspect', '--type', 'container', '--format', '{{.Id}}', id]
  const container = (await docker(inspect, { label: `asking for ${id}` })).trim()
  return { container, folder, end: attached.end }
}

function refused(name: string, said: string): UserError {
  if (said.includes('already in use')) {
    return new Busy({
      message: 'another backup or restore of this project is running',
      hint: `Wait for it. Its container is ${name}.`,
      kind: 'environment',
    })
  }
  return new UserError({
    message: 'a container for the volumes cannot be started',
    hint: said.split('\n').slice(-3).join('\n  ') || 'Is the engine running?',
    kind: 'environment',
  })
}

/** The name of the one helper of a project: who has it is alone. */
export const lockName = (project: string): string => `${project}-erlmcp-backup`

/**
 * An image of the deployment that has GNU tar, which alone keeps all that a file has.
 *
 * @param wanted the person's choice
 * @throws UserError when there is none
 */
export async function toolsOf(contents: Contents, wanted?: string): Promise<string> {
  const databases = new Set([...contents.postgres, ...contents.redis].map(({ image }) => image))
  const images = new Set([...databases, ...contents.containers.map(({ image }) => image)])
  for (const image of wanted === undefined ? images : [wanted]) {
    const words = ['run', '--rm', '--network', 'none', '--pull', 'never', '--entrypoint', 'tar']
    const said = await docker([...words, image, '--version'], { label: 'asking for tar' }).catch(
      () => '',
    )
    if (said.includes('GNU tar')) return image
  }
  throw new UserError({
    message:
      wanted === undefined
        ? 'no image of the deployment has GNU tar'
        : `${wanted} has no GNU tar, or is not here`,
    hint: 'Name an image with it that is on this engine: --tools debian:trixie-slim.',
    kind: 'environment',
  })
}
