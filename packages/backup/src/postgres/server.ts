import type { Readable } from 'node:stream'
import { docker, streamDocker } from '@erlmcp/docker'
import { postgresOwner } from '@erlmcp/secrets'

/** A PostgreSQL server in a container. */
export interface PostgresServer {
  /** For words. */
  readonly service: string
  readonly container: string
}

// Over the socket of the container. The password, should the socket ask for it, is read there: it is
// in no argument, and in no environment but that of the one process. The name of a database is in a
// variable of libpq, because `--dbname` would be parsed.
const environment = `set -eu
${postgresOwner}
export PGDATABASE="$1" PGCONNECT_TIMEOUT=10 PGTZ=UTC
if [ -n "\${POSTGRES_PASSWORD_FILE:-}" ]; then
  PGPASSWORD="$(cat "$POSTGRES_PASSWORD_FILE")"; export PGPASSWORD
fi
shift
exec "$@"`

const quiet = ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set=ON_ERROR_STOP=1']

/** The words that run a client of the server in its container, on a database. */
export function clientOf(
  { container }: PostgresServer,
  database: string,
  words: readonly string[],
): readonly string[] {
  return ['exec', '--interactive', container, 'sh', '-c', environment, 'sh', database, ...words]
}

export function psqlOf(
  server: PostgresServer,
  database: string,
  more: readonly string[] = [],
): readonly string[] {
  return clientOf(server, database, ['psql', '--no-password', ...quiet, ...more])
}

/** Runs statements, and stops at the first that fails. */
export function psql(
  server: PostgresServer,
  database: string,
  statements: string | Readable,
  more: readonly string[] = [],
): Promise<string> {
  return docker(psqlOf(server, database, more), {
    label: `psql in ${server.service}`,
    input: statements,
  })
}

/** The values of the first column that a query gives as JSON. */
export async function rows<Row>(
  server: PostgresServer,
  database: string,
  query: string,
): Promise<readonly Row[]> {
  const said = await psql(server, database, query)
  return jsonLines(said)
}

export function jsonLines<Row>(text: string): readonly Row[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Row => JSON.parse(line))
}

/**
 * Reads an archive of pg_dump to its end, and puts it nowhere.
 *
 * @throws UserError when pg_restore does not understand it
 */
export async function checkArchive(
  server: PostgresServer,
  archive: Readable,
  name: string,
): Promise<void> {
  const words = ['pg_restore', '--exit-on-error', '--file=-']
  await streamDocker(clientOf(server, 'template1', words), {
    label: `pg_restore of ${name}`,
    input: archive,
    consume: async (output) => {
      for await (const _ of output);
    },
  })
}

// A quote is doubled rather than escaped: a server may be told to refuse `\'`.
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`
export const literal = (text: string): string => `E'${text.replaceAll(/['\\]/g, '$&$&')}'`
