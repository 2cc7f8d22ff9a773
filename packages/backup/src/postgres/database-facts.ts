import type { DatabaseFacts } from '../manifest.ts'
import { jsonLines } from './server.ts'

// Text of values depends on these.
export const settings = `
SET search_path = ''; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601';
SET bytea_output = 'hex'; SET extra_float_digits = 1; SET xmloption = 'content';
SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;
`

const own = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
  AND c.relpersistence <> 't' AND NOT EXISTS (
    SELECT FROM pg_depend d
    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`

/**
 * Each table with its rows and a digest of them: a sum, so that their order does not count. What an
 * extension brings is the extension's.
 */
const tables = `
SELECT format($q$SELECT json_build_object('table', %L::text, 'rows', count(*), 'digest',
  coalesce(sum(hashtextextended(erlmcp_row::text COLLATE "C", 0)::numeric), 0)::text)
  FROM ONLY %I.%I AS erlmcp_row$q$, format('%I.%I', n.nspname, c.relname), n.nspname, c.relname)
${own} AND c.relkind = 'r' ORDER BY 1
\\gexec
`

// Of pages rather than objects, which may be larger than a value. Zeros may be there, or be a hole.
const largeObjects = `
SELECT json_build_object('count', (SELECT count(*) FROM pg_largeobject_metadata), 'digest',
  coalesce(sum(hashtextextended(format('%s:%s:%s', loid, pageno, page) COLLATE "C", 0)::numeric), 0)::text)
FROM (SELECT loid, pageno, rtrim(encode(data, 'hex'), '0') AS page FROM pg_largeobject) AS pages
WHERE page <> '';
`

/** They belong to no snapshot: what moves meanwhile has another value afterwards. */
export const sequences = `
SELECT format($q$SELECT json_build_object('sequence', %L::text, 'value',
  last_value || CASE WHEN is_called THEN ' called' ELSE '' END) FROM %I.%I$q$,
  format('%I.%I', n.nspname, c.relname), n.nspname, c.relname)
${own} AND c.relkind = 'S' ORDER BY 1
\\gexec
`

export const rowFacts = `${tables}${largeObjects}`

export type Sequence = DatabaseFacts['sequences'][number]

/** What {@link rowFacts} printed. */
export function parseRows(text: string): Pick<DatabaseFacts, 'tables' | 'largeObjects'> {
  const lines = jsonLines<Record<string, unknown>>(text)
  // A line for each table, then one of the large objects, as our own query prints them.
  return {
    tables: lines.slice(0, -1) as unknown as DatabaseFacts['tables'],
    largeObjects: lines.at(-1) as unknown as DatabaseFacts['largeObjects'],
  }
}

/** Why a database is not the one that was dumped: nothing when it is. */
export function factsDiffer(saved: DatabaseFacts, found: DatabaseFacts): readonly string[] {
  const there = new Map(found.tables.map((one) => [one.table, one]))
  const values = new Map(found.sequences.map((one) => [one.sequence, one.value]))
  const wrong: string[] = []
  for (const { table, rows, digest } of saved.tables) {
    const one = there.get(table)
    if (one === undefined) wrong.push(`the table ${table} is missing`)
    else if (one.rows !== rows) wrong.push(`${table} has ${one.rows} rows instead of ${rows}`)
    else if (one.digest !== digest) wrong.push(`${table} has other values in its ${rows} rows`)
  }
  const known = new Set(saved.tables.map(({ table }) => table))
  for (const { table } of found.tables) {
    if (!known.has(table)) wrong.push(`there is a table ${table} more`)
  }
  for (const { sequence, value } of saved.sequences) {
    if (!values.has(sequence)) wrong.push(`the sequence ${sequence} is missing`)
    else if (value !== undefined && values.get(sequence) !== value) {
      wrong.push(`the sequence ${sequence} is at ${values.get(sequence)} instead of ${value}`)
    }
  }
  const [a, b] = [saved.largeObjects, found.largeObjects]
  if (a.count !== b.count) wrong.push(`there are ${b.count} large objects instead of ${a.count}`)
  else if (a.digest !== b.digest) wrong.push('the large objects have other contents')
  return wrong
}
