import { spawn } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { dirname, posix, relative } from 'node:path'
import { UserError } from '@erlmcp/core'
import { SilentEngine, silentEngine } from '../engine.ts'
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
  const filters = [...mounted].flatMap((source) => ['--filter', `volume=${source}`])
  const listed = await docker(['ps', '--all', '--quiet', '--no-trunc', ...filters])
  const found = await inspected(listed.split('\n').filter(Boolean))
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

/** One that went between the list and the question is left out. */
async function inspected(ids: readonly string[]): Promise<readonly Inspected[]> {
  if (ids.length === 0) return []
  const { out } = await told(['inspect', '--type', 'container', ...ids])
  return JSON.parse(out || '[]')
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

async function docker(words: readonly string[]): Promise<string> {
  const { code, out, err } = await told(words)
  if (code === 0) return out
  const silent = silentEngine(err) ?? (code === null ? noDocker(err) : undefined)
  if (silent?.denied) throw silent
  if (silent) {
    const { summary: message, hint } = silent
    const more = 'When nothing that reads the secrets runs anywhere, add --stopped.'
    throw new SilentEngine(false, { message, hint: `${hint}\n  ${more}`, kind: 'environment' })
  }
  throw new UserError({
    message: `the engine cannot be asked who reads the secrets: ${err.trim().split('\n')[0]}`,
    hint: 'Fix that and run again. `docker ps` says whether the engine answers.',
    kind: 'environment',
  })
}

const noDocker = (message: string): SilentEngine =>
  new SilentEngine(false, {
    message: `the engine cannot be asked who reads the secrets: ${message}`,
    hint: 'Install Docker, or put it on the PATH.',
    kind: 'environment',
  })

/** Runs `docker` to its end; secrets go in by `input`, never as words. */
export function told(
  words: readonly string[],
  input = '',
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    const child = spawn('docker', words, { stdio: ['pipe', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    child.once('error', ({ message }) => resolve({ code: null, out, err: message }))
    child.once('close', (code) => resolve({ code, out, err }))
    // A child that is gone tells it by its exit code.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
