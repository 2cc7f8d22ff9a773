import { Readable } from 'node:stream'
import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDatabase, readDefinition } from './definition.ts'
import { activateRoles, readRoles, type SavedRole } from './roles.ts'
import { setting } from './settings.ts'

/**
 * What is left of SQL without its literals and quoted names, as psql's lexer sees them: E'' with
 * escapes, '' and "" with doubled quotes.
 */
const bare = (sql: string) => sql.replaceAll(/E'(?:[^'\\]|\\.|'')*'|"(?:[^"]|"")*"/gs, ' _ ')

// Whatever would leave a literal, or begin something of psql.
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...["'", '"', '\\', '\n', '\\!', '--', '/*', '*/', '$$', ';', ':a', '\\gexec'],
      ),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join('').replaceAll('\0', ''))

const role = (text: string): SavedRole => ({
  ...{ name: text || 'x', superuser: false, inherit: true, createrole: false, createdb: false },
  ...{ login: true, replication: false, bypassrls: false, connections: -1 },
  ...{ password: text, comment: text, settings: [{ name: 'search_path', value: text }] },
})

describe('whatever a set says, the SQL that is made of it', () => {
  test('has its texts in quotes alone, so that psql runs no command of it', () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        const roles = { roles: [role(one)], members: [] }
        const member = { role: one || 'x', member: other || 'x', admin: true }
        const sql = [
          ...activateRoles({ ...roles, members: [member] }, [one || 'x']),
          createDatabase(one || 'x', {
            ...{
              encoding: one,
              collate: other,
              ctype: one,
              provider: 'i',
              locale: one,
              rules: other,
            },
            ...{ connections: -1, owner: other, comment: one },
            settings: [{ name: 'search_path', value: other, role: one }],
            rights: [{ privilege: 'CONNECT', grantee: other, grantable: true }],
          }),
        ].join('\n')
        expect(bare(sql)).toMatch(/^[A-Za-z0-9_ ,;.\n-]*$/)
        expect(bare(sql)).not.toContain('--')
      }),
      { numRuns: rounds(500) },
    )
  })
})

test.each([
  ['search_path', '"$user", public', `SET "search_path" TO E'$user', E'public'`],
  ['search_path', '""', `SET "search_path" TO E''`],
  ['search_path', '"a""b", "c, d"', `SET "search_path" TO E'a"b', E'c, d'`],
  ['work_mem', '64MB', `SET "work_mem" TO E'64MB'`],
  ['app.note', "it's", `SET "app.note" TO E'it''s'`],
])('the setting %s = %s', (name, value, sql) => {
  expect(setting({ name, value })).toBe(sql)
})

describe('what is not as a backup writes it is refused', () => {
  const read = (data: unknown) =>
    readRoles(
      Readable.from([Buffer.from(typeof data === 'string' ? data : JSON.stringify(data))]),
      'the roles of db',
    )
  test.each<[string, unknown, string]>([
    ['a script of psql', '\\! touch /tmp/x\n', 'expected JSON'],
    ['SQL', 'CREATE ROLE x SUPERUSER;', 'expected JSON'],
    ['another JSON', [], 'expected an object, got a list'],
    [
      'a limit that is SQL',
      { roles: [{ ...role('x'), connections: '1; DROP' }], members: [] },
      'connections',
    ],
    [
      'a setting whose name is SQL',
      { roles: [{ ...role('x'), settings: [{ name: 'a TO 1; --', value: '' }] }], members: [] },
      'name of a setting',
    ],
    [
      'a right that is SQL',
      { roles: [{ ...role('x'), superuser: 'yes' }], members: [] },
      'superuser',
    ],
    ['a role twice', { roles: [role('x'), role('x')], members: [] }, 'duplicate'],
  ])('%s', async (_, data, words) => {
    await expect(read(data)).rejects.toThrow(words)
  })

  test('a privilege of another kind', async () => {
    const data = {
      ...{ encoding: 'UTF8', collate: 'C', ctype: 'C', connections: -1, owner: 'x', settings: [] },
      rights: [{ privilege: 'ALL; DROP', grantable: false }],
    }
    const content = Readable.from([Buffer.from(JSON.stringify(data))])
    await expect(readDefinition(content, 'the definition of shop')).rejects.toThrow('privilege')
  })
})
