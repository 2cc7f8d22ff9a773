import type { Readable } from 'node:stream'
import { readText } from '@erlmcp/docker'
import { Refused } from '../part.ts'
import {
  count,
  list,
  text as matching,
  object,
  optional,
  type Shape,
  words,
  yesOrNo,
} from '../schema.ts'
import { type PostgresServer, psql, rows } from './server.ts'
import { name, type Setting, setting, text } from './settings.ts'

/**
 * A role of a server. A set keeps data and no SQL: what restores it is written here, so that a set
 * runs nothing in the server.
 */
export interface SavedRole {
  readonly name: string
  readonly superuser: boolean
  readonly inherit: boolean
  readonly createrole: boolean
  readonly createdb: boolean
  readonly login: boolean
  readonly replication: boolean
  readonly bypassrls: boolean
  /** -1: as many as there are. */
  readonly connections: number
  /** The verifier that the server keeps. */
  readonly password?: string
  readonly until?: string
  readonly comment?: string
  readonly settings: readonly Setting[]
}

/** That `member` is in `role`. */
export interface Membership {
  readonly role: string
  readonly member: string
  readonly admin: boolean
  /** Since PostgreSQL 16. */
  readonly inherit?: boolean
  readonly set?: boolean
}

export interface SavedRoles {
  readonly roles: readonly SavedRole[]
  readonly members: readonly Membership[]
}

export const anyText: Shape = matching(/^[^\0]*$/, 'text')
export const limit: Shape = (value, at) => (value === -1 ? undefined : count(value, at))
export const settingShape: Shape = object<Setting>({
  name: matching(/^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)?$/, 'name of a setting'),
  value: anyText,
})

const shape = object<SavedRoles>({
  roles: list(
    object<SavedRole>({
      name: words,
      superuser: yesOrNo,
      inherit: yesOrNo,
      createrole: yesOrNo,
      createdb: yesOrNo,
      login: yesOrNo,
      replication: yesOrNo,
      bypassrls: yesOrNo,
      connections: limit,
      password: optional(anyText),
      until: optional(matching(/^(-?infinity|[\d: .TBC+-]+)$/, 'time')),
      comment: optional(anyText),
      settings: list(settingShape),
    }),
    'name',
  ),
  members: list(
    object<Membership>({
      role: words,
      member: words,
      admin: yesOrNo,
      inherit: optional(yesOrNo),
      set: optional(yesOrNo),
    }),
  ),
})

const settingsOf = (entries: string): string => `coalesce((
  SELECT json_agg(json_build_object('name', split_part(entry, '=', 1),
    'value', substr(entry, strpos(entry, '=') + 1))) FROM ${entries}), '[]')`

/** All roles but the server's own, and who is in which, as one line of JSON. */
export const rolesQuery = `
SELECT json_strip_nulls(json_build_object('roles', (
  SELECT coalesce(json_agg(json_build_object('name', rolname, 'superuser', rolsuper,
    'inherit', rolinherit, 'createrole', rolcreaterole, 'createdb', rolcreatedb,
    'login', rolcanlogin, 'replication', rolreplication, 'bypassrls', rolbypassrls,
    'connections', rolconnlimit, 'password', rolpassword, 'until', rolvaliduntil,
    'comment', shobj_description(oid, 'pg_authid'), 'settings', ${settingsOf(`pg_db_role_setting s,
      unnest(s.setconfig) AS entry WHERE s.setrole = role.oid AND s.setdatabase = 0`)})
    ORDER BY rolname), '[]') FROM pg_authid AS role WHERE rolname !~ '^pg_'),
  'members', (
  SELECT coalesce(json_agg(json_build_object('role', of.rolname, 'member', member.rolname,
    'admin', m.admin_option, 'inherit', (to_jsonb(m)->>'inherit_option')::bool,
    'set', (to_jsonb(m)->>'set_option')::bool) ORDER BY of.rolname, member.rolname), '[]')
  FROM pg_auth_members m JOIN pg_roles of ON of.oid = m.roleid
    JOIN pg_roles member ON member.oid = m.member WHERE member.rolname !~ '^pg_')));
`

/**
 * The roles of a set.
 *
 * @throws Refused when they are not as {@link rolesQuery} gives them
 */
export async function readRoles(content: Readable, message: string): Promise<SavedRoles> {
  return readData<SavedRoles>(content, message, shape)
}

/** @throws Refused when it is not JSON of this shape */
export async function readData<Data>(content: Readable, message: string, as: Shape): Promise<Data> {
  let data: unknown
  try {
    data = JSON.parse(await readText(content))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new Refused(`${message}: expected JSON of \`erlmcp backup create\`, got something else`)
  }
  const violation = as(data, '')
  if (violation !== undefined) throw new Refused(`${message}: ${violation}`)
  return data as Data
}

/**
 * Names of the roles that the server lacks. One that exists is left as it is, with its password and
 * memberships: the owner's is the secret of this deployment, not of the one that was saved.
 */
export async function missingRoles(
  server: PostgresServer,
  { roles }: SavedRoles,
): Promise<readonly string[]> {
  const there = new Set(
    await rows<string>(server, 'template1', 'SELECT to_json(rolname) FROM pg_roles;'),
  )
  return roles.map((role) => role.name).filter((one) => !there.has(one))
}

/** Makes roles that own what is restored; nobody can log in as one, or has its rights. */
export async function createRoles(
  server: PostgresServer,
  { roles }: SavedRoles,
  missing: readonly string[],
): Promise<void> {
  const statements = roles
    .filter((role) => missing.includes(role.name))
    .map((role) => `CREATE ROLE ${name(role.name)} WITH ${rightsOf(role)} NOLOGIN;`)
  await psql(server, 'template1', statements.join('\n'), ['--single-transaction'])
}

/** Statements that make of {@link createRoles}' what was saved. */
export function activateRoles(
  { roles, members }: SavedRoles,
  missing: readonly string[],
): readonly string[] {
  const isNew = new Set(missing)
  return [
    ...roles.filter((role) => isNew.has(role.name)).flatMap(activateRole),
    ...members
      // Between two that were there before, it is theirs.
      .filter(({ role, member }) => isNew.has(role) || isNew.has(member))
      .map(grant),
  ]
}

/** Removes roles of a restore that is taken back, which own nothing any more. */
export async function dropRoles(server: PostgresServer, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await psql(server, 'template1', `DROP ROLE IF EXISTS ${names.map(name).join(', ')};`)
}

function rightsOf(role: SavedRole): string {
  return [
    role.superuser ? 'SUPERUSER' : 'NOSUPERUSER',
    role.inherit ? 'INHERIT' : 'NOINHERIT',
    role.createrole ? 'CREATEROLE' : 'NOCREATEROLE',
    role.createdb ? 'CREATEDB' : 'NOCREATEDB',
    role.replication ? 'REPLICATION' : 'NOREPLICATION',
    role.bypassrls ? 'BYPASSRLS' : 'NOBYPASSRLS',
    `CONNECTION LIMIT ${role.connections}`,
  ].join(' ')
}

function activateRole(role: SavedRole): readonly string[] {
  const own = name(role.name)
  return [
    `ALTER ROLE ${own} WITH ${[
      role.login ? 'LOGIN' : 'NOLOGIN',
      ...(role.password === undefined ? [] : [`PASSWORD ${text(role.password)}`]),
      ...(role.until === undefined ? [] : [`VALID UNTIL ${text(role.until)}`]),
    ].join(' ')};`,
    ...(role.comment === undefined ? [] : [`COMMENT ON ROLE ${own} IS ${text(role.comment)};`]),
    ...role.settings.map((one) => `ALTER ROLE ${own} ${setting(one)};`),
  ]
}

function grant({ role, member, admin, inherit, set }: Membership): string {
  const options =
    inherit === undefined
      ? admin
        ? ' WITH ADMIN OPTION'
        : ''
      : ` WITH ADMIN ${admin}, INHERIT ${inherit}, SET ${set ?? true}`
  return `GRANT ${name(role)} TO ${name(member)}${options};`
}
