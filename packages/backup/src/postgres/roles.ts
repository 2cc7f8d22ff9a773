import type { Readable } from 'node:stream'
import { type Schema, schema } from '@erlmcp/core'
import { readText } from '@erlmcp/docker'
import { SetRejected } from '../set/part.ts'
import { findDuplicate, findViolation, name as nameSchema, record } from '../set/schema.ts'
import { type PostgresServer, psql, rows } from './server.ts'
import { name, type Setting, setting, text } from './settings.ts'

/**
 * A role of a server. A set holds data instead of SQL, so that restoring it executes nothing that was
 * written into the set.
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
  /** -1: no limit. */
  readonly connections: number
  /** The verifier that the server stores. */
  readonly password?: string
  readonly until?: string
  readonly comment?: string
  readonly settings: readonly Setting[]
}

/** `member` is a member of `role`. */
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

const { boolean, formatted, integer, list, matching, textLike } = schema

export const anyText = textLike(/^[^\0]*$/, 'a text')
export const limit = formatted(integer, matching(/^(-1|\d{1,15})$/, 'a limit', 'Write a limit.'))
export const settingKeys = {
  name: textLike(/^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)?$/, 'the name of a setting'),
  value: anyText,
}

const rolesSchema = record<SavedRoles>({
  roles: list(
    record<SavedRole>(
      {
        name: nameSchema,
        superuser: boolean,
        inherit: boolean,
        createrole: boolean,
        createdb: boolean,
        login: boolean,
        replication: boolean,
        bypassrls: boolean,
        connections: limit,
        password: anyText,
        until: textLike(/^(-?infinity|[\d: .TBC+-]+)$/, 'a time'),
        comment: anyText,
        settings: list(record<Setting>(settingKeys)),
      },
      ['password', 'until', 'comment'],
    ),
  ),
  members: list(
    record<Membership>(
      { role: nameSchema, member: nameSchema, admin: boolean, inherit: boolean, set: boolean },
      ['inherit', 'set'],
    ),
  ),
})

const settingsQuery = (entries: string): string => `coalesce((
  SELECT json_agg(json_build_object('name', split_part(entry, '=', 1),
    'value', substr(entry, strpos(entry, '=') + 1))) FROM ${entries}), '[]')`

/** Prints all roles except predefined ones, and their members, as one line of JSON. */
export const rolesQuery = `
SELECT json_strip_nulls(json_build_object('roles', (
  SELECT coalesce(json_agg(json_build_object('name', rolname, 'superuser', rolsuper,
    'inherit', rolinherit, 'createrole', rolcreaterole, 'createdb', rolcreatedb,
    'login', rolcanlogin, 'replication', rolreplication, 'bypassrls', rolbypassrls,
    'connections', rolconnlimit, 'password', rolpassword, 'until', rolvaliduntil,
    'comment', shobj_description(oid, 'pg_authid'), 'settings', ${settingsQuery(`pg_db_role_setting s,
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
 * Reads the roles of a server.
 *
 * @throws SetRejected for anything but the output of {@link rolesQuery}
 */
export async function readRoles(content: Readable, message: string): Promise<SavedRoles> {
  const data = await readData<SavedRoles>(content, message, rolesSchema)
  const duplicate = findDuplicate('roles', data.roles, 'name')
  if (duplicate !== undefined) throw new SetRejected(`${message}: ${duplicate}`)
  return data
}

/** @throws SetRejected for anything but JSON of the schema */
export async function readData<Data>(
  content: Readable,
  message: string,
  as: Schema,
): Promise<Data> {
  let data: unknown
  try {
    data = JSON.parse(await readText(content))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new SetRejected(
      `${message}: expected JSON of \`erlmcp backup create\`, got something else`,
    )
  }
  const violation = findViolation(as, data)
  if (violation !== undefined) throw new SetRejected(`${message}: ${violation}`)
  return data as Data
}

/**
 * Finds the roles that the server lacks. An existing role keeps its password and memberships: the
 * password of the owner is a secret of this deployment, not of the one that was saved.
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

/** Creates the roles that own the restored data, without login and members. */
export async function createRoles(
  server: PostgresServer,
  { roles }: SavedRoles,
  missing: readonly string[],
): Promise<void> {
  const statements = roles
    .filter((role) => missing.includes(role.name))
    .map((role) => `CREATE ROLE ${name(role.name)} WITH ${roleRights(role)} NOLOGIN;`)
  await psql(server, 'template1', statements.join('\n'), ['--single-transaction'])
}

/** Renders the statements that give the roles of {@link createRoles} their login and members. */
export function activateRoles(
  { roles, members }: SavedRoles,
  missing: readonly string[],
): readonly string[] {
  const isNew = new Set(missing)
  return [
    ...roles.filter((role) => isNew.has(role.name)).flatMap(activateRole),
    ...members
      // Memberships between existing roles are not changed.
      .filter(({ role, member }) => isNew.has(role) || isNew.has(member))
      .map(grant),
  ]
}

/** Removes the roles of a restore that is rolled back. They own nothing any more. */
export async function dropRoles(server: PostgresServer, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await psql(server, 'template1', `DROP ROLE IF EXISTS ${names.map(name).join(', ')};`)
}

function roleRights(role: SavedRole): string {
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
