import { identifier, literal } from './server.ts'

/** A setting of a role or a database, as `pg_db_role_setting` stores it. */
export interface Setting {
  readonly name: string
  readonly value: string
}

/** SQL whose names and values were quoted: `` sql`COMMENT ON ROLE ${name(role)} IS ${text(comment)}` ``. */
export const name = identifier
export const text = literal

/** `SET name TO value` of an `ALTER ROLE` or `ALTER DATABASE`. */
export function setting({ name: option, value }: Setting): string {
  const values = listSettings.has(option.toLowerCase()) ? listElements(value) : [value]
  return `SET ${name(option)} TO ${values.map(text).join(', ')}`
}

/** Settings whose value is a list of names (GUC_LIST_QUOTE): one literal would be one name. */
const listSettings = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
])

/** The names of a list as the server prints it: `"$user", public`. */
function listElements(value: string): readonly string[] {
  const found = [...value.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,"]*?))\s*(?:,|$)/gy)]
  const elements = found.map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain)
  // The end of the text matches once more as an empty element.
  const last = found.at(-1)
  if (elements.length > 1 && last?.[0] === '' && !/,\s*$/.test(value)) elements.pop()
  return elements
}
