import { UserError } from '@erlmcp/core'
import { EngineError } from '@erlmcp/docker'
import type { StackSecret } from '../stack-secrets.ts'
import { overwriteFile } from './overwrite-file.ts'
import { type PreparedPassword, preparePostgresPassword } from './postgres-password.ts'
import { savePrevious } from './previous-contents.ts'
import { addRedisPassword } from './redis-password.ts'
import type { Renewal } from './renewals.ts'
import { findReaders, type SecretReader } from './secret-readers.ts'

/** A secret with a new content. */
export interface RotatedSecret {
  readonly path: string
  readonly kind: StackSecret['recipe']['kind']
  /** What changed, such as `new key`. */
  readonly message: string
  /** Servers that accepted the new password, such as `postgres in shop-db-1`. */
  readonly servers: readonly string[]
  /** Running containers that read the file. Restart those that read it only when they start. */
  readonly readers: readonly string[]
}

/**
 * Finds the containers that read each of the files.
 *
 * @param stopped whether the user states that no server runs
 * @throws UserError where a server that needs the new password does not run, where no container reads a
 *   password (PostgreSQL would keep the old one), and where `stopped` is not true
 */
export async function findServers(
  renewals: readonly Renewal[],
  stopped: boolean,
): Promise<ReadonlyMap<string, readonly SecretReader[]>> {
  const passwords = renewals.filter(({ secret }) => secret.recipe.kind === 'random')
  const byFile = await findReaders(renewals.map(({ secret }) => secret.file)).catch((error) => {
    // A certificate is only written. And where no engine runs, no server does.
    const nothingRuns =
      stopped && error instanceof EngineError && error.reason !== 'permission-denied'
    if (passwords.length > 0 && !nothingRuns) throw error
    return new Map<string, readonly SecretReader[]>()
  })
  for (const { secret } of passwords) {
    const readers = byFile.get(secret.file) ?? []
    validateNotStored(secret, readers)
    if (stopped) validateStopped(secret, readers)
    else validateServersRun(secret, readers)
  }
  return new Map(renewals.map(({ secret }) => [secret.path, byFile.get(secret.file) ?? []]))
}

/** Rejects passwords that only a client of the server can change: the server would keep the old one. */
function validateNotStored({ path }: StackSecret, readers: readonly SecretReader[]): void {
  const reader = readers.find(({ storedBy }) => storedBy !== undefined)
  if (reader === undefined) return
  throw new UserError({
    message: `${reader.storedBy} in ${reader.name} stores the password of ${path} in its volume, and erlmcp cannot change it there`,
    hint: `Change it with a client of ${reader.storedBy} and write the same password into ${path}. Name the other secrets to rotate them.`,
  })
}

function validateServersRun({ path, atRest }: StackSecret, readers: readonly SecretReader[]): void {
  const asleep = readers.find(({ server, running }) => server === 'postgres' && !running)
  // No server stores a key that encrypts data at rest.
  if (asleep === undefined && (readers.length > 0 || atRest)) return
  throw new UserError({
    message: asleep
      ? `PostgreSQL in ${asleep.name}, which stores the password of ${path}, is not running`
      : `no container on this engine reads ${path}: a PostgreSQL elsewhere would keep the old password`,
    hint: asleep
      ? `Start it: docker start ${asleep.name}`
      : 'Start the containers that read it. Without any, and without a volume that stores the password, add --stopped.',
  })
}

/** Rejects `stopped` where a server runs, or a volume stores the old password. */
function validateStopped({ path }: StackSecret, readers: readonly SecretReader[]): void {
  const reader = readers.find(({ server, running }) => running || server === 'postgres')
  if (reader === undefined) return
  throw new UserError({
    message: reader.running
      ? `${reader.name} is running and reads ${path}`
      : `PostgreSQL in ${reader.name} stores the password of ${path} in its volume`,
    hint: reader.running
      ? 'Run the command without --stopped: it gives running servers the new password.'
      : `Start it (docker start ${reader.name}) and run the command without --stopped.`,
  })
}

/**
 * Writes the new contents and gives the servers their passwords. It can be repeated.
 *
 * @param servers as {@link findServers} gives them
 */
export async function applyRenewals(
  renewals: readonly Renewal[],
  servers: ReadonlyMap<string, readonly SecretReader[]>,
): Promise<readonly RotatedSecret[]> {
  const rotated: RotatedSecret[] = []
  for (const renewal of renewals) {
    rotated.push(await applyRenewal(renewal, servers.get(renewal.secret.path) ?? []))
  }
  return rotated
}

async function applyRenewal(
  { secret, content, old, message }: Renewal,
  all: readonly SecretReader[],
): Promise<RotatedSecret> {
  const readers = all.filter(({ running }) => running)
  const servers = readers.filter(({ server }) => server !== undefined)
  const prepared: PreparedPassword[] = []
  try {
    for (const reader of servers) {
      if (reader.server === 'redis') await addRedisPassword(reader, content)
      else prepared.push(await preparePostgresPassword(reader, content))
    }
    if (secret.atRest && old !== undefined) await savePrevious(secret, old)
    // Only between these two lines does PostgreSQL reject the password of the file.
    await overwriteFile(secret.file, content)
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
