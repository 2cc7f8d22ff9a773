import { spawn } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { UserError } from '@erlmcp/core'
import { silentEngine } from '../engine.ts'

/** A container that mounts a secret file. */
export interface Reader {
  readonly id: string
  readonly name: string
  readonly running: boolean
  /** Where it reads the secret. */
  readonly target: string
  /** Whether it is the server that asks for this password. */
  readonly server?: 'postgres' | 'redis'
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
  readonly Mounts: readonly { readonly Source?: string; readonly Destination: string }[]
}

/**
 * The containers that mount each of these files, asked of the engine: what runs, not what a
 * compose file says.
 *
 * @throws UserError of kind `environment` when no engine answers
 */
export async function readersOf(
  files: readonly string[],
): Promise<ReadonlyMap<string, readonly Reader[]>> {
  const sources = await Promise.all(files.map((file) => realpath(file)))
  const filters = sources.flatMap((source) => ['--filter', `volume=${source}`])
  const listed = await docker(['ps', '--all', '--quiet', '--no-trunc', ...filters])
  const found = await inspected(listed.split('\n').filter(Boolean))
  return new Map(
    files.map((file, index) => [
      file,
      found.flatMap((one) =>
        one.Mounts.filter(({ Source }) => Source === sources[index]).map(({ Destination }) =>
          readerOf(one, Destination),
        ),
      ),
    ]),
  )
}

/** One that went between the list and the question is left out. */
async function inspected(ids: readonly string[]): Promise<readonly Inspected[]> {
  if (ids.length === 0) return []
  const { out } = await told(['inspect', '--type', 'container', ...ids])
  return JSON.parse(out || '[]')
}

function readerOf({ Id, Name, State, Config }: Inspected, target: string): Reader {
  const words = [...(Config.Entrypoint ?? []), ...(Config.Cmd ?? [])].join(' ')
  const reader = { id: Id, name: Name.replace(/^\//, ''), running: State.Running, target }
  if (Config.Env?.includes(`POSTGRES_PASSWORD_FILE=${target}`)) {
    return { ...reader, server: 'postgres' }
  }
  const redis = words.includes('redis-server') && words.includes(target)
  return redis ? { ...reader, server: 'redis' } : reader
}

async function docker(words: readonly string[]): Promise<string> {
  const { code, out, err } = await told(words)
  if (code === 0) return out
  const silent = silentEngine(err)
  if (silent) {
    const { what, help } = silent
    const more = 'When nothing that reads the secrets runs anywhere, add --stopped.'
    throw new UserError({ what, help: `${help}\n  ${more}`, kind: 'environment' })
  }
  throw new UserError({
    what: `the engine cannot be asked who reads the secrets: ${err.trim().split('\n')[0]}`,
    help: 'Start Docker. When nothing that reads them runs anywhere, add --stopped.',
    kind: 'environment',
  })
}

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
