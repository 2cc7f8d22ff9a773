import { realpath } from 'node:fs/promises'
import { dirname, posix, relative } from 'node:path'
import { EngineError, inspectContainers, listContainers } from '@erlmcp/docker'
import { passwordVariables } from '../password-variables.ts'

/** A container that mounts a secret file. */
export interface SecretReader {
  readonly id: string
  readonly name: string
  readonly running: boolean
  /** Where it reads the secret. */
  readonly target: string
  /** Whether it is the server that asks for this password. */
  readonly server?: 'postgres' | 'redis'
  /** A server that keeps this password in its volume, and that nothing here can tell a new one. */
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
 * The containers that mount each of these files, asked of the engine: what runs, not what a
 * compose file says. Of those that mount a folder around a file, the servers that read it there.
 *
 * @throws UserError of kind `environment` when no engine answers
 */
export async function findReaders(
  files: readonly string[],
): Promise<ReadonlyMap<string, readonly SecretReader[]>> {
  const sources = await Promise.all(files.map((file) => realpath(file)))
  const mounted = new Set(sources.flatMap(enclosingPaths))
  const filters = [...mounted].map((source) => `volume=${source}`)
  const label = 'asking the engine which containers read the secrets'
  const ids = await listContainers(filters, { all: true, label }).catch((error) => {
    throw refusal(error)
  })
  const found = await inspectContainers<Inspected>(ids)
  return new Map(
    files.map((file, index) => [file, found.flatMap((one) => readersIn(one, sources[index]!))]),
  )
}

/** The file and the folders around it. */
const enclosingPaths = (file: string): readonly string[] =>
  file === dirname(file) ? [] : [file, ...enclosingPaths(dirname(file))]

function readersIn(container: Inspected, source: string): readonly SecretReader[] {
  return container.Mounts.flatMap((mount) => {
    if (mount.Source === source) return [toReader(container, mount.Destination)]
    if (mount.Type !== 'bind' || !enclosingPaths(source).includes(mount.Source ?? '')) return []
    const target = posix.join(mount.Destination, relative(mount.Source!, source))
    const reader = toReader(container, target)
    // Whoever sees a whole folder need not read this file.
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
      `${error.hint}\n  When nothing that reads the secrets runs anywhere, add --stopped.`,
    )
  }
  return error as Error
}
