import { UserError } from '@erlmcp/core'
import { EngineError } from '@erlmcp/docker'
import type { Wanted } from '../stack-secrets.ts'
import { overwrite } from './overwrite-file.ts'
import { type PreparedPassword, preparePassword } from './postgres-password.ts'
import { keepPrevious } from './previous-contents.ts'
import { acceptToo } from './redis-password.ts'
import type { Renewal } from './renewals.ts'
import { type Reader, readersOf } from './secret-readers.ts'

/** One file that has a new content. */
export interface RotatedSecret {
  readonly path: string
  readonly kind: Wanted['recipe']['kind']
  /** What is new about it. */
  readonly message: string
  /** Containers whose server took the new password, as `postgres in shop-db-1`. */
  readonly servers: readonly string[]
  /** Running containers that read the file. What reads it at its start only must be restarted. */
  readonly readers: readonly string[]
}

/**
 * Who reads each of the files.
 *
 * @param stopped whether the user says that no server has to be told
 * @throws UserError when a server that would have to be told does not run, or nobody reads a
 *   password: PostgreSQL keeps its own, and would go on with the old one; when `stopped` is not so
 */
export async function serversOf(
  renewals: readonly Renewal[],
  stopped: boolean,
): Promise<ReadonlyMap<string, readonly Reader[]>> {
  const passwords = renewals.filter(({ secret }) => secret.recipe.kind === 'random')
  const byFile = await readersOf(renewals.map(({ secret }) => secret.file)).catch((error) => {
    // No server has to be told of a certificate: without an engine it is only written. And where
    // none is, nothing of it runs.
    const nothingRuns =
      stopped && error instanceof EngineError && error.reason !== 'permission-denied'
    if (passwords.length > 0 && !nothingRuns) throw error
    return new Map<string, readonly Reader[]>()
  })
  for (const { secret } of passwords) {
    const readers = byFile.get(secret.file) ?? []
    refuseKept(secret, readers)
    if (stopped) refuseNotStopped(secret, readers)
    else refuseUnread(secret, readers)
  }
  return new Map(renewals.map(({ secret }) => [secret.path, byFile.get(secret.file) ?? []]))
}

/** Nothing here speaks its language, and it would go on with the password of before. */
function refuseKept({ path }: Wanted, readers: readonly Reader[]): void {
  const reader = readers.find(({ keeper }) => keeper !== undefined)
  if (reader === undefined) return
  throw new UserError({
    message: `${reader.keeper} in ${reader.name} keeps the password of ${path} in its volume, and erlmcp cannot tell it another`,
    hint: `Change it with a client of ${reader.keeper}, write the same into ${path}, and leave it out of the rotation: name the others.`,
  })
}

function refuseUnread({ path, atRest }: Wanted, readers: readonly Reader[]): void {
  const asleep = readers.find(({ server, running }) => server === 'postgres' && !running)
  // What encrypts has no server that keeps it.
  if (asleep === undefined && (readers.length > 0 || atRest)) return
  throw new UserError({
    message: asleep
      ? `PostgreSQL in ${asleep.name}, which keeps the password of ${path}, does not run`
      : `no container on this engine reads ${path}, and PostgreSQL would keep an old password`,
    hint: asleep
      ? `Start it: docker start ${asleep.name}`
      : 'Start what reads it. Where nothing reads it, and no volume keeps it: --stopped.',
  })
}

/** A server that runs, or a volume that is started again, would go on with the old password. */
function refuseNotStopped({ path }: Wanted, readers: readonly Reader[]): void {
  const reader = readers.find(({ server, running }) => running || server === 'postgres')
  if (reader === undefined) return
  throw new UserError({
    message: reader.running
      ? `${reader.name} runs and reads ${path}, so it is not stopped`
      : `PostgreSQL in ${reader.name} keeps the password of ${path} in its volume`,
    hint: reader.running
      ? 'Run it without --stopped: running servers are told the new password.'
      : `Start it (docker start ${reader.name}), and run it without --stopped.`,
  })
}

/**
 * Writes the new contents and tells the servers. To do it again does no harm.
 *
 * @param servers as {@link serversOf} gives them
 */
export async function apply(
  renewals: readonly Renewal[],
  servers: ReadonlyMap<string, readonly Reader[]>,
): Promise<readonly RotatedSecret[]> {
  const rotated: RotatedSecret[] = []
  for (const renewal of renewals) {
    rotated.push(await applyOne(renewal, servers.get(renewal.secret.path) ?? []))
  }
  return rotated
}

async function applyOne(
  { secret, content, old, message }: Renewal,
  all: readonly Reader[],
): Promise<RotatedSecret> {
  const readers = all.filter(({ running }) => running)
  const servers = readers.filter(({ server }) => server !== undefined)
  const prepared: PreparedPassword[] = []
  try {
    for (const reader of servers) {
      if (reader.server === 'redis') await acceptToo(reader, content)
      else prepared.push(await preparePassword(reader, content))
    }
    if (secret.atRest && old !== undefined) await keepPrevious(secret, old)
    // Between these two lies the only moment in which PostgreSQL refuses what the file says.
    await overwrite(secret.file, content)
    for (const one of prepared) await one.commit()
  } finally {
    for (const one of prepared) one.end()
  }
  return {
    path: secret.path,
    kind: secret.recipe.kind,
    message,
    servers: servers.map(({ server, name }) => `${server} in ${name}`),
    readers: readers.filter(({ server }) => server === undefined).map(({ name }) => name),
  }
}
