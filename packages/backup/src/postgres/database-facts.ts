import type { DatabaseFacts } from '../set/manifest.ts'
import { jsonLines } from './server.ts'

// The text of a value depends on these.
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
 * Prints the number of rows of each table and a digest of them: a sum, so that their order does not
 * count. Tables of extensions are skipped.
 */
const tables = `
SELECT format($q$SELECT json_build_object('table', %L::text, 'rows', count(*), 'digest',
  coalesce(sum(hashtextextended(erlmcp_row::text COLLATE "C", 0)::numeric), 0)::text)
  FROM ONLY %I.%I AS erlmcp_row$q$, format('%I.%I', n.nspname, c.relname), n.nspname, c.relname)
${own} AND c.relkind = 'r' ORDER BY 1
\\gexec
`

// By page: an object may be larger than a value. A hole reads like zeros.
const largeObjects = `
SELECT json_build_object('count', (SELECT count(*) FROM pg_largeobject_metadata), 'digest',
  coalesce(sum(hashtextextended(format('%s:%s:%s', loid, pageno, page) COLLATE "C", 0)::numeric), 0)::text)
FROM (SELECT loid, pageno, rtrim(encode(data, 'hex'), '0') AS page FROM pg_largeobject) AS pages
WHERE page <> '';
`

/** No snapshot covers sequences: one that is used meanwhile has another value afterwards. */
export const sequences = `
SELECT format($q$SELECT json_build_object('sequence', %L::text, 'value',
  last_value || CASE WHEN is_called THEN ' called' ELSE '' END) FROM %I.%I$q$,
  format('%I.%I', n.nspname, c.relname), n.nspname, c.relname)
${own} AND c.relkind = 'S' ORDER BY 1
\\gexec
`

export const rowFacts = `${tables}${largeObjects}`

export type Sequence = DatabaseFacts['sequences'][number]

/** Parses the output of {@link rowFacts}. */
export function parseRows(text: string): Pick<DatabaseFacts, 'tables' | 'largeObjects'> {
  const lines = jsonLines<Record<string, unknown>>(text)
  // The query itself names the columns: one line for each table, then one for the large objects.
  return {
    tables: lines.slice(0, -1) as unknown as DatabaseFacts['tables'],
    largeObjects: lines.at(-1) as unknown as DatabaseFacts['largeObjects'],
  }
}

/** Lists how a database differs from the one that was dumped. */
export function compareFacts(saved: DatabaseFacts, found: DatabaseFacts): readonly string[] {
  const there = new Map(found.tables.map((one) => [one.table, one]))
  const values = new Map(found.sequences.map((one) => [one.sequence, one.value]))
  const wrong: string[] = []
  for (const { table, rows, digest } of saved.tables) {
    const one = there.get(table)
    if (one === undefined) wrong.push(`the table ${table} is missing`)
    else if (one.rows !== rows) wrong.push(`${table}: expected ${rows} rows, got ${one.rows}`)
    else if (one.digest !== digest) wrong.push(`${table}: other values in its ${rows} rows`)
  }
  const known = new Set(saved.tables.map(({ table }) => table))
  for (const { table } of found.tables) {
    if (!known.has(table)) wrong.push(`unknown table ${table}`)
  }
  for (const { sequence, value } of saved.sequences) {
    if (!values.has(sequence)) wrong.push(`the sequence ${sequence} is missing`)
    else if (value !== undefined && values.get(sequence) !== value) {
      wrong.push(`the sequence ${sequence}: expected ${value}, got ${values.get(sequence)}`)
    }
  }
  const [a, b] = [saved.largeObjects, found.largeObjects]
  if (a.count !== b.count) wrong.push(`expected ${a.count} large objects, got ${b.count}`)
  else if (a.digest !== b.digest) wrong.push('the large objects have other contents')
  return wrong
}
