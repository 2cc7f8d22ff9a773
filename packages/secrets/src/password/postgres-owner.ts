/**
 * Lines of sh that set `PGUSER` and `PGDATABASE` to what the official image of PostgreSQL was started
 * with: each from a variable, from a file, or the default.
 */
export const postgresOwner = `PGUSER="\${POSTGRES_USER:-$(cat "\${POSTGRES_USER_FILE:-/dev/null}")}"
PGUSER="\${PGUSER:-postgres}"
PGDATABASE="\${POSTGRES_DB:-$(cat "\${POSTGRES_DB_FILE:-/dev/null}")}"
PGDATABASE="\${PGDATABASE:-$PGUSER}"
export PGUSER PGDATABASE`
