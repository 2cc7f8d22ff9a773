import type { Readable } from 'node:stream'
import { UserError } from '@erlmcp/core'
import { docker } from '@erlmcp/docker'
import type { DatabaseFacts, SavedDatabase } from '../manifest.ts'
import { parseRows, rowFacts, type Sequence, sequences, settings } from './database-facts.ts'
import { createDatabase, type Definition } from './definition.ts'
import {
  clientOf,
  identifier,
  jsonLines,
  literal,
  type PostgresServer,
  psql,
  rows,
} from './server.ts'

/** A database on its way: its own name, the one it is prepared under, and that of what was there. */
export interface Renamed {
  readonly name: string
  readonly staged: string
  readonly kept: string
  /** Whether there was one of its name. */
  readonly existed: boolean
}

/** Makes a database of a dump under another name, stopping at the first error. */
export async function restoreDatabase(
  server: PostgresServer,
  staged: string,
  definition: Definition,
  dump: Readable,
): Promise<void> {
  await psql(server, 'template1', createDatabase(staged, definition))
  const words = ['pg_restore', '--exit-on-error', '--no-password', `--dbname=${staged}`]
  await docker(clientOf(server, staged, words), {
    label: `pg_restore into ${server.service}`,
    input: dump,
  })
  await psql(server, staged, 'ANALYZE;')
}

/** What a database has now, in the form in which a dump proves itself. */
export async function databaseFacts(
  server: PostgresServer,
  database: string,
): Promise<DatabaseFacts> {
  const facts = parseRows(await psql(server, database, `${settings}${rowFacts}`))
  const values = await psql(server, database, `${settings}${sequences}`)
  return { ...facts, sequences: jsonLines<Sequence>(values) }
}

/** Which of these databases the server has. */
export async function present(
  server: PostgresServer,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const list = names.map(literal).join(', ')
  const query = `SELECT to_json(datname) FROM pg_database WHERE datname IN (${list || 'NULL'});`
  return new Set(await rows<string>(server, 'template1', query))
}

/** How many rows the databases of a dump have now on the server. */
export async function rowsThere(
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
 * Puts what was prepared in its place: one transaction, so all databases or none.
 *
 * @param more statements of the same transaction
 */
export async function swapDatabases(
  server: PostgresServer,
  databases: readonly Renamed[],
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

/** The way back, from wherever it came to; what was prepared is dropped. */
export async function undoDatabases(
  server: PostgresServer,
  databases: readonly Renamed[],
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

/** Nobody may be connected; who comes back between the two is sent away again. */
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
