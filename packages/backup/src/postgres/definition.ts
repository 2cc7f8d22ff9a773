import type { Readable } from 'node:stream'
import { schema } from '@erlmcp/core'
import { name as nameSchema, record } from '../set/schema.ts'
import { anyText, limit, readData, settingKeys } from './roles.ts'
import { name, type Setting, setting, text } from './settings.ts'

/** The properties of a database that `pg_dump` does not save. A set holds data, no SQL. */
export interface Definition {
  readonly encoding: string
  readonly collate: string
  readonly ctype: string
  /** Since PostgreSQL 15: libc, icu, builtin. */
  readonly provider?: 'c' | 'i' | 'b'
  readonly locale?: string
  readonly rules?: string
  readonly connections: number
  readonly owner: string
  readonly comment?: string
  /** For all roles, or for one. */
  readonly settings: readonly (Setting & { readonly role?: string })[]
  /** Absent for the default privileges. */
  readonly rights?: readonly Right[]
}

interface Right {
  readonly privilege: 'CREATE' | 'CONNECT' | 'TEMPORARY'
  /** Default: PUBLIC. */
  readonly grantee?: string
  readonly grantable: boolean
}

const { boolean, list, oneOf } = schema

const definitionSchema = record<Definition>(
  {
    encoding: nameSchema,
    collate: nameSchema,
    ctype: nameSchema,
    provider: oneOf('c', 'i', 'b'),
    locale: nameSchema,
    rules: anyText,
    connections: limit,
    owner: nameSchema,
    comment: anyText,
    settings: list(
      record<Definition['settings'][number]>({ ...settingKeys, role: nameSchema }, ['role']),
    ),
    rights: list(
      record<Right>(
        {
          privilege: oneOf('CREATE', 'CONNECT', 'TEMPORARY'),
          grantee: nameSchema,
          grantable: boolean,
        },
        ['grantee'],
      ),
    ),
  },
  ['provider', 'locale', 'rules', 'comment', 'rights'],
)

/** Prints the current database as one line of JSON. */
export const definitionQuery = `
WITH db AS (SELECT d.*, to_jsonb(d) AS j FROM pg_database d WHERE datname = current_database())
SELECT json_strip_nulls(json_build_object('encoding', pg_encoding_to_char(encoding),
  'collate', datcollate, 'ctype', datctype, 'provider', j->>'datlocprovider',
  'locale', coalesce(j->>'datlocale', j->>'daticulocale'), 'rules', j->>'daticurules',
  'connections', datconnlimit, 'owner', pg_get_userbyid(datdba),
  'comment', shobj_description(oid, 'pg_database'),
  'settings', coalesce((SELECT json_agg(json_build_object(
      'role', CASE WHEN s.setrole <> 0 THEN pg_get_userbyid(s.setrole) END,
      'name', split_part(entry, '=', 1), 'value', substr(entry, strpos(entry, '=') + 1)))
    FROM pg_db_role_setting s, unnest(s.setconfig) AS entry WHERE s.setdatabase = db.oid), '[]'),
  'rights', CASE WHEN datacl IS NOT NULL THEN coalesce((SELECT json_agg(json_build_object(
      'privilege', a.privilege_type,
      'grantee', CASE WHEN a.grantee <> 0 THEN pg_get_userbyid(a.grantee) END,
      'grantable', a.is_grantable))
    FROM aclexplode(datacl) AS a WHERE a.grantee <> datdba), '[]') END)) FROM db;
`

/** @throws SetRejected for anything but the output of {@link definitionQuery} */
export const readDefinition = (content: Readable, message: string): Promise<Definition> =>
  readData<Definition>(content, message, definitionSchema)

/** Renders the SQL that creates the database, empty, under another name. */
export function createDatabase(staged: string, one: Definition): string {
  const db = name(staged)
  const options = [
    `TEMPLATE template0 ENCODING ${text(one.encoding)}`,
    `LC_COLLATE ${text(one.collate)} LC_CTYPE ${text(one.ctype)}`,
    ...localeOptions(one),
    `CONNECTION LIMIT ${one.connections}`,
  ]
  return [
    `CREATE DATABASE ${db} ${options.join(' ')};`,
    `ALTER DATABASE ${db} OWNER TO ${name(one.owner)};`,
    ...(one.comment === undefined ? [] : [`COMMENT ON DATABASE ${db} IS ${text(one.comment)};`]),
    ...one.settings.map(({ role, ...rest }) => {
      const whose = role === undefined ? '' : `ROLE ${name(role)} IN `
      return `ALTER ${whose}DATABASE ${db} ${setting(rest)};`
    }),
    ...(one.rights === undefined ? [] : [`REVOKE ALL ON DATABASE ${db} FROM PUBLIC;`]),
    ...(one.rights ?? []).map(({ privilege, grantee, grantable }) => {
      const to = grantee === undefined ? 'PUBLIC' : name(grantee)
      return `GRANT ${privilege} ON DATABASE ${db} TO ${to}${grantable ? ' WITH GRANT OPTION' : ''};`
    }),
  ].join('\n')
}

function localeOptions({ provider, locale, rules }: Definition): readonly string[] {
  const named = locale === undefined ? '' : text(locale)
  if (provider === 'c') return ['LOCALE_PROVIDER libc']
  if (provider === 'b') return [`LOCALE_PROVIDER builtin BUILTIN_LOCALE ${named}`]
  if (provider !== 'i') return []
  return [
    `LOCALE_PROVIDER icu ICU_LOCALE ${named}`,
    ...(rules === undefined ? [] : [`ICU_RULES ${text(rules)}`]),
  ]
}
