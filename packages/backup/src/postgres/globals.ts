export const tablespacesQuery = `
SELECT to_json(spcname) FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global');
`

/** Prints the databases that hold data and accept connections. */
export const databasesQuery = `
SELECT to_json(datname) FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname;
`
