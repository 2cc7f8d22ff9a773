import type { Readable } from 'node:stream'
import { docker, streamDocker } from '@erlmcp/docker'
import { postgresOwner } from '@erlmcp/secrets'

/** A PostgreSQL server in a container. */
export interface PostgresServer {
  /** For messages. */
  readonly service: string
  readonly container: string
}

// Over the Unix socket of the container. The password, where the socket needs one, is read in the
// container: no argument shows it. The name of the database is a variable of libpq, since `--dbname`
// would be parsed.
const environment = `set -eu
${postgresOwner}
export PGDATABASE="$1" PGCONNECT_TIMEOUT=10 PGTZ=UTC
if [ -n "\${POSTGRES_PASSWORD_FILE:-}" ]; then
  PGPASSWORD="$(cat "$POSTGRES_PASSWORD_FILE")"; export PGPASSWORD
fi
shift
exec "$@"`

const quiet = ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set=ON_ERROR_STOP=1']

/** Arguments that run a client of the server in its container, on a database. */
export function clientArgs(
  { container }: PostgresServer,
  database: string,
  words: readonly string[],
): readonly string[] {
  return ['exec', '--interactive', container, 'sh', '-c', environment, 'sh', database, ...words]
}

export function psqlArgs(
  server: PostgresServer,
  database: string,
  more: readonly string[] = [],
): readonly string[] {
  return clientArgs(server, database, ['psql', '--no-password', ...quiet, ...more])
}

/** Runs statements, stopping at the first error. */
export function psql(
  server: PostgresServer,
  database: string,
  statements: string | Readable,
  more: readonly string[] = [],
): Promise<string> {
  return docker(psqlArgs(server, database, more), {
    label: `psql in ${server.service}`,
    input: statements,
  })
}

/** Runs a query whose only column is JSON. */
export async function rows<Row>(
  server: PostgresServer,
  database: string,
  query: string,
): Promise<readonly Row[]> {
  const reply = await psql(server, database, query)
  return jsonLines(reply)
}

export function jsonLines<Row>(text: string): readonly Row[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Row => JSON.parse(line))
}

/**
 * Validates an archive of pg_dump by reading it to its end.
 *
 * @throws UserError where pg_restore rejects it
 */
export async function validateArchive(
  server: PostgresServer,
  archive: Readable,
  name: string,
): Promise<void> {
  const words = ['pg_restore', '--exit-on-error', '--file=-']
  await streamDocker(clientArgs(server, 'template1', words), {
    label: `pg_restore of ${name}`,
    input: archive,
    consume: async (output) => {
      for await (const _ of output);
    },
  })
}

// A quote is doubled instead of escaped: a server may be configured to reject `\'`.
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`
export const literal = (text: string): string => `E'${text.replaceAll(/['\\]/g, '$&$&')}'`
