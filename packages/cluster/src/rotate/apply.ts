import { UserError } from '@erlmcp/core'
import type { Wanted } from '../wanted.ts'
import { type Reader, readersOf } from './containers.ts'
import { overwrite } from './overwrite.ts'
import type { Renewal } from './plan.ts'
import { type PreparedPassword, preparePassword } from './postgres.ts'
import { acceptToo } from './redis.ts'

/** One file that has a new content. */
export interface Rotated {
  readonly path: string
  readonly kind: Wanted['recipe']['kind']
  /** What is new about it. */
  readonly what: string
  /** Containers whose server took the new password, as `postgres in shop-db-1`. */
  readonly servers: readonly string[]
  /** Running containers that read the file. What reads it at its start only must be restarted. */
  readonly readers: readonly string[]
}

/**
 * Who reads each of the files.
 *
 * @throws UserError when a server that would have to be told does not run, or nobody reads a
 *   password: PostgreSQL keeps its own, and would go on with the old one
 */
export async function serversOf(
  renewals: readonly Renewal[],
  stopped: boolean,
): Promise<ReadonlyMap<string, readonly Reader[]>> {
  if (stopped) return new Map()
  const byFile = await readersOf(renewals.map(({ secret }) => secret.file)).catch((error) => {
    // No server has to be told of a certificate: without an engine it is only written.
    if (renewals.some(({ secret }) => secret.recipe.kind === 'random')) throw error
    return new Map<string, readonly Reader[]>()
  })
  for (const { secret } of renewals) {
    if (secret.recipe.kind !== 'random') continue
    const readers = byFile.get(secret.file) ?? []
    const asleep = readers.find(({ server, running }) => server === 'postgres' && !running)
    if (asleep || readers.length === 0) {
      throw new UserError({
        what: asleep
          ? `PostgreSQL in ${asleep.name}, which keeps the password of ${secret.path}, does not run`
          : `no container on this engine reads ${secret.path}, and PostgreSQL would keep an old password`,
        help: 'Start it first, or add --stopped when no server has to be told.',
      })
    }
  }
  return new Map(renewals.map(({ secret }) => [secret.path, byFile.get(secret.file) ?? []]))
}

/** Writes the new contents and tells the servers. To do it again does no harm. */
export async function apply(
  renewals: readonly Renewal[],
  stopped: boolean,
): Promise<readonly Rotated[]> {
  const servers = await serversOf(renewals, stopped)
  const rotated: Rotated[] = []
  for (const renewal of renewals) {
    rotated.push(await applyOne(renewal, servers.get(renewal.secret.path) ?? []))
  }
  return rotated
}

async function applyOne(
  { secret, content, what }: Renewal,
  all: readonly Reader[],
): Promise<Rotated> {
  const readers = all.filter(({ running }) => running)
  const servers = readers.filter(({ server }) => server !== undefined)
  const prepared: PreparedPassword[] = []
  try {
    for (const reader of servers) {
      if (reader.server === 'redis') await acceptToo(reader, content)
      else prepared.push(await preparePassword(reader, content))
    }
    // Between these two lies the only moment in which PostgreSQL refuses what the file says.
    await overwrite(secret.file, content)
    for (const one of prepared) await one.commit()
  } finally {
    for (const one of prepared) one.end()
  }
  return {
    path: secret.path,
    kind: secret.recipe.kind,
    what,
    servers: servers.map(({ server, name }) => `${server} in ${name}`),
    readers: readers.filter(({ server }) => server === undefined).map(({ name }) => name),
  }
}
