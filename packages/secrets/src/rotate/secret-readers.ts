import { realpath } from 'node:fs/promises'
import { dirname, posix, relative } from 'node:path'
import { EngineError, inspectContainers, listContainers } from '@erlmcp/docker'
import { passwordVariables } from '../password-variables.ts'

/** A container that mounts a secret file. */
export interface Reader {
  readonly id: string
  readonly name: string
  readonly running: boolean
  /** Where it reads the secret. */
  readonly target: string
  /** Whether it is the server that asks for this password. */
  readonly server?: 'postgres' | 'redis'
  /** A server that keeps this password in its volume, and that nothing here can tell a new one. */
  readonly keeper?: string
}

interface Inspected {
  readonly Id: string
  readonly Name: string
  readonly State: { readonly Running: boolean }
  readonly Config: {
    readonly Env?: readonly string[]
    readonly Cmd?: readonly string[]
    readonly Entrypoint?: readonly string[]
  }
  readonly Mounts: readonly Mount[]
}

interface Mount {
  readonly Type?: string
  readonly Source?: string
  readonly Destination: string
}

/**
 * The containers that mount each of these files, asked of the engine: what runs, not what a
 * compose file says. Of those that mount a folder around a file, the servers that read it there.
 *
 * @throws UserError of kind `environment` when no engine answers
 */
export async function readersOf(
  files: readonly string[],
): Promise<ReadonlyMap<string, readonly Reader[]>> {
  const sources = await Promise.all(files.map((file) => realpath(file)))
  const mounted = new Set(sources.flatMap(pathsTo))
  const filters = [...mounted].map((source) => `volume=${source}`)
  const label = 'asking the engine which containers read the secrets'
  const ids = await listContainers(filters, { all: true, label }).catch((error) => {
    throw refused(error)
  })
  const found = await inspectContainers<Inspected>(ids)
  return new Map(
    files.map((file, index) => [file, found.flatMap((one) => readingOf(one, sources[index]!))]),
  )
}

/** The file and the folders around it. */
const pathsTo = (file: string): readonly string[] =>
  file === dirname(file) ? [] : [file, ...pathsTo(dirname(file))]

function readingOf(container: Inspected, source: string): readonly Reader[] {
  return container.Mounts.flatMap((mount) => {
    if (mount.Source === source) return [readerOf(container, mount.Destination)]
    if (mount.Type !== 'bind' || !pathsTo(source).includes(mount.Source ?? '')) return []
    const target = posix.join(mount.Destination, relative(mount.Source!, source))
    const reader = readerOf(container, target)
    // Whoever sees a whole folder need not read this file.
    return reader.server || reader.keeper ? [reader] : []
  })
}

function readerOf({ Id, Name, State, Config, Mounts }: Inspected, target: string): Reader {
  const words = [...(Config.Entrypoint ?? []), ...(Config.Cmd ?? [])].join(' ')
  const reader = { id: Id, name: Name.replace(/^\//, ''), running: State.Running, target }
  const variable = Config.Env?.find((one) => one.endsWith(`=${target}`))?.split('=')[0] ?? ''
  const keeper = passwordVariables.get(variable)
  if (variable === 'POSTGRES_PASSWORD_FILE') return { ...reader, server: 'postgres' }
  if (keeper && Mounts.some(({ Type }) => Type === 'volume')) return { ...reader, keeper }
  const redis = /\b(redis|valkey)-server\b/.test(words) && words.includes(target)
  return redis ? { ...reader, server: 'redis' } : reader
}

function refused(error: unknown): Error {
  if (error instanceof EngineError && error.reason !== 'permission-denied') {
    return new EngineError(
      error.reason,
      error.summary,
      `${error.hint}\n  When nothing that reads the secrets runs anywhere, add --stopped.`,
    )
  }
  return error as Error
}
