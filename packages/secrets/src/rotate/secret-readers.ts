import { realpath } from 'node:fs/promises'
import { dirname, posix, relative } from 'node:path'
import { EngineError, inspectContainers, listContainers } from '@erlmcp/docker'
import { passwordVariables } from '../password/password-variables.ts'

/** A container that mounts a secret file. */
export interface SecretReader {
  readonly id: string
  readonly name: string
  readonly running: boolean
  /** Path of the secret in the container. */
  readonly target: string
  /** Set for the server whose password it is. */
  readonly server?: 'postgres' | 'redis'
  /** Set for a server that stores the password in its volume, where erlmcp cannot change it. */
  readonly storedBy?: string
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
 * Finds the containers that mount each of these files. The engine is asked, not a compose file. Of the
 * containers that mount a directory around a file, only servers that use it are included.
 *
 * @throws EngineError where no engine answers
 */
export async function findReaders(
  files: readonly string[],
): Promise<ReadonlyMap<string, readonly SecretReader[]>> {
  const sources = await Promise.all(files.map((file) => realpath(file)))
  const mounted = new Set(sources.flatMap(enclosingPaths))
  const filters = [...mounted].map((source) => `volume=${source}`)
  const label = 'listing the containers that read the secrets'
  const ids = await listContainers(filters, { all: true, label }).catch((error) => {
    throw refusal(error)
  })
  const found = await inspectContainers<Inspected>(ids)
  return new Map(
    files.map((file, index) => [file, found.flatMap((one) => readersIn(one, sources[index]!))]),
  )
}

/** The file and its parent directories. */
const enclosingPaths = (file: string): readonly string[] =>
  file === dirname(file) ? [] : [file, ...enclosingPaths(dirname(file))]

function readersIn(container: Inspected, source: string): readonly SecretReader[] {
  return container.Mounts.flatMap((mount) => {
    if (mount.Source === source) return [toReader(container, mount.Destination)]
    if (mount.Type !== 'bind' || !enclosingPaths(source).includes(mount.Source ?? '')) return []
    const target = posix.join(mount.Destination, relative(mount.Source!, source))
    const reader = toReader(container, target)
    // A container that mounts the directory may not read this file.
    return reader.server || reader.storedBy ? [reader] : []
  })
}

function toReader({ Id, Name, State, Config, Mounts }: Inspected, target: string): SecretReader {
  const words = [...(Config.Entrypoint ?? []), ...(Config.Cmd ?? [])].join(' ')
  const reader = { id: Id, name: Name.replace(/^\//, ''), running: State.Running, target }
  const variable = Config.Env?.find((one) => one.endsWith(`=${target}`))?.split('=')[0] ?? ''
  const storedBy = passwordVariables.get(variable)
  if (variable === 'POSTGRES_PASSWORD_FILE') return { ...reader, server: 'postgres' }
  if (storedBy && Mounts.some(({ Type }) => Type === 'volume')) return { ...reader, storedBy }
  const redis = /\b(redis|valkey)-server\b/.test(words) && words.includes(target)
  return redis ? { ...reader, server: 'redis' } : reader
}

function refusal(error: unknown): Error {
  if (error instanceof EngineError && error.reason !== 'permission-denied') {
    return new EngineError(
      error.reason,
      error.summary,
      `${error.hint}\n  Where no container that reads the secrets is running, add --stopped.`,
    )
  }
  return error as Error
}
