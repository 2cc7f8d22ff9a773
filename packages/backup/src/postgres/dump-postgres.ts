import { Readable } from 'node:stream'
import { UserError } from '@erlmcp/core'
import { streamDocker } from '@erlmcp/docker'
import type { Server } from '../contents.ts'
import type { Progress } from '../progress.ts'
import type { SetWriter } from '../set/backup-set.ts'
import type { SavedDatabase, SavedPostgres } from '../set/manifest.ts'
import { parseRows, rowFacts, type Sequence, sequences, settings } from './database-facts.ts'
import { definitionQuery } from './definition.ts'
import { databasesQuery, tablespacesQuery } from './globals.ts'
import { openPsql } from './psql-session.ts'
import { rolesQuery } from './roles.ts'
import { clientArgs, jsonLines, type PostgresServer, psql, rows } from './server.ts'

/** Saves all databases of a server, each with one snapshot, and its roles. */
export async function dumpPostgres(
  { service, container, image }: Server,
  set: SetWriter,
  progress: Progress,
): Promise<SavedPostgres> {
  const server = { service, container }
  const spaces = await rows<string>(server, 'template1', tablespacesQuery)
  if (spaces.length > 0) {
    throw new UserError({
      message: `PostgreSQL in ${service} has the tablespaces ${spaces.join(', ')}`,
      hint: 'Tablespaces are outside of its volume. Save this server with pg_basebackup.',
    })
  }
  const appliesTo = `SELECT json_build_object('version', current_setting('server_version_num')::int,
    'user', current_user);`
  const [{ version, user }] = (await rows<{ version: number; user: string }>(
    server,
    'template1',
    appliesTo,
  )) as [{ version: number; user: string }]
  const roles = await set.part(
    `${service}-roles.json`,
    script(await psql(server, 'template1', rolesQuery)),
  )
  const databases: SavedDatabase[] = []
  for (const name of await rows<string>(server, 'template1', databasesQuery)) {
    databases.push(await dumpDatabase(server, name, set, progress))
  }
  return { service, image, version, user, roles, databases }
}

async function dumpDatabase(
  server: PostgresServer,
  name: string,
  set: SetWriter,
  progress: Progress,
): Promise<SavedDatabase> {
  const { service } = server
  const session = openPsql(server, name)
  try {
    const begin = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_export_snapshot();'
    const takeSnapshot = (await session.ask(`${settings}${begin}`)).trim()
    const before = jsonLines<Required<Sequence>>(await session.ask(sequences))
    const made = script(await psql(server, name, definitionQuery))
    const definition = await set.part(`${service}-${name}.json`, made)
    const words = ['pg_dump', '--no-password', '--format=custom', `--snapshot=${takeSnapshot}`]
    const message = `pg_dump of ${name}`
    const dump = await streamDocker(clientArgs(server, name, words), {
      label: message,
      consume: (output) => set.part(`${service}-${name}.dump`, progress.watch(message, output)),
    })
    progress.step(`counting the rows of ${name}`)
    const facts = parseRows(await session.ask(rowFacts))
    const after = new Map(
      jsonLines<Sequence>(await session.ask(sequences)).map((one) => [one.sequence, one.value]),
    )
    await session.ask('COMMIT;')
    const still = before.map(({ sequence, value }) =>
      after.get(sequence) === value ? { sequence, value } : { sequence },
    )
    return { name, definition, dump, ...facts, sequences: still }
  } finally {
    session.end()
  }
}

const script = (text: string): Readable => Readable.from([Buffer.from(text)])
