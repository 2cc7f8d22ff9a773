import type { Readable } from 'node:stream'
import { UserError } from '@erlmcp/core'
import { docker } from '@erlmcp/docker'
import type { DatabaseFacts, SavedDatabase } from '../set/manifest.ts'
import { parseRows, rowFacts, type Sequence, sequences, settings } from './database-facts.ts'
import { createDatabase, type Definition } from './definition.ts'
import {
  clientArgs,
  identifier,
  jsonLines,
  literal,
  type PostgresServer,
  psql,
  rows,
} from './server.ts'

/** A database during a restore: its name, the temporary name, and the one that the old database gets. */
export interface RestoredDatabase {
  readonly name: string
  readonly staged: string
  readonly kept: string
  /** Whether a database of its name existed. */
  readonly existed: boolean
}

/** Restores a dump under another name, stopping at the first error. */
export async function restoreDatabase(
  server: PostgresServer,
  staged: string,
  definition: Definition,
  dump: Readable,
): Promise<void> {
  await psql(server, 'template1', createDatabase(staged, definition))
  const words = ['pg_restore', '--exit-on-error', '--no-password', `--dbname=${staged}`]
  await docker(clientArgs(server, staged, words), {
    label: `pg_restore into ${server.service}`,
    input: dump,
  })
  await psql(server, staged, 'ANALYZE;')
}

/** Reads the facts of a database. */
export async function databaseFacts(
  server: PostgresServer,
  database: string,
): Promise<DatabaseFacts> {
  const facts = parseRows(await psql(server, database, `${settings}${rowFacts}`))
  const values = await psql(server, database, `${settings}${sequences}`)
  return { ...facts, sequences: jsonLines<Sequence>(values) }
}

/** Finds which of these databases the server has. */
export async function present(
  server: PostgresServer,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const list = names.map(literal).join(', ')
  const query = `SELECT to_json(datname) FROM pg_database WHERE datname IN (${list || 'NULL'});`
  return new Set(await rows<string>(server, 'template1', query))
}

/** Counts the rows that the server has now in the databases of a dump. */
export async function countRows(
  server: PostgresServer,
  databases: readonly SavedDatabase[],
): Promise<number> {
  let sum = 0
  for (const name of await present(
    server,
    databases.map(({ name }) => name),
  )) {
    const facts = await databaseFacts(server, name)
    sum += facts.tables.reduce((count, { rows }) => count + rows, facts.largeObjects.count)
  }
  return sum
}

/**
 * Renames the restored databases to their names, in one transaction.
 *
 * @param more statements of the same transaction
 */
export async function swapDatabases(
  server: PostgresServer,
  databases: readonly RestoredDatabase[],
  more: readonly string[],
): Promise<void> {
  const renames = databases.flatMap(({ name, staged, kept, existed }) => [
    ...(existed ? [rename(name, kept)] : []),
    rename(staged, name),
  ])
  await renameAll(
    server,
    [...renames, ...more],
    databases.flatMap(({ name, staged }) => [name, staged]),
  )
}

/** Undoes {@link swapDatabases} at any stage, and drops the restored databases. */
export async function undoDatabases(
  server: PostgresServer,
  databases: readonly RestoredDatabase[],
): Promise<void> {
  const names = databases.flatMap(({ name, staged, kept }) => [name, staged, kept])
  const there = await present(server, names)
  const swapped = databases.filter(
    ({ name, staged, kept, existed }) =>
      there.has(name) && !there.has(staged) && there.has(kept) === existed,
  )
  const steps = swapped.flatMap(({ name, staged, kept, existed }) => [
    rename(name, staged),
    ...(existed ? [rename(kept, name)] : []),
  ])
  if (steps.length > 0)
    await renameAll(
      server,
      steps,
      swapped.flatMap(({ name, kept }) => [name, kept]),
    )
  await dropDatabases(
    server,
    databases.map(({ staged }) => staged),
  )
}

export async function dropDatabases(
  server: PostgresServer,
  names: readonly string[],
): Promise<void> {
  for (const name of await present(server, names)) {
    await psql(server, 'template1', `DROP DATABASE ${identifier(name)} WITH (FORCE);`)
  }
}

const rename = (from: string, to: string): string =>
  `ALTER DATABASE ${identifier(from)} RENAME TO ${identifier(to)};`

/** A rename needs a database without connections: clients that reconnect are terminated again. */
async function renameAll(
  server: PostgresServer,
  steps: readonly string[],
  databases: readonly string[],
): Promise<void> {
  const leave = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname IN (${databases.map(literal).join(', ')}) AND pid <> pg_backend_pid();`
  const statements = `${leave}\nBEGIN;\n${steps.join('\n')}\nCOMMIT;\n`
  for (let turn = 1; ; turn += 1) {
    try {
      await psql(server, 'template1', statements)
      return
    } catch (error) {
      const busy = error instanceof UserError && error.hint.includes('being accessed')
      if (!busy || turn === 10) throw error
    }
  }
}
