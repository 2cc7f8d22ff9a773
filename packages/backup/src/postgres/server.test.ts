import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readText, streamDocker } from '@erlmcp/docker'
import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { clientArgs, identifier, jsonLines, literal } from './server.ts'

const name = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.stringMatching(/^['"\\$`;:\n\r -]{0,12}$/),
    fc.constantFrom(`two "words'=1`, `'; DROP TABLE item; --`, `\\'`, '\\"', `E'`, '$(id)', '-c'),
  )
  .filter((one) => !one.includes('\0'))

/** Parses a quoted string as PostgreSQL does, and returns the rest. */
function unquoted(
  sql: string,
  quote: string,
  createPathGuard: boolean,
): [text: string, rest: string] {
  let found = ''
  for (let at = 1; at < sql.length; at += 1) {
    const [here, next] = [sql[at]!, sql[at + 1]]
    if (here === quote && next !== quote) return [found, sql.slice(at + 1)]
    // No letter is behind a backslash here: those would be a newline, or a number.
    if (createPathGuard && here === '\\') expect(next).toBe('\\')
    if (here === quote || (createPathGuard && here === '\\')) at += 1
    found += here
  }
  throw new Error(`nothing ends ${sql}`)
}

describe('a name in SQL', () => {
  test('is one identifier, whatever it is', () => {
    fc.assert(
      fc.property(name, (one) => {
        const sql = `${identifier(one)} RENAME`
        expect(sql[0]).toBe('"')
        expect(unquoted(sql, '"', false)).toEqual([one, ' RENAME'])
      }),
    )
  })

  test('is one literal, whatever it is, also where no backslash may be before a quote', () => {
    fc.assert(
      fc.property(name, (one) => {
        const sql = `${literal(one)}, 1`
        expect(sql.slice(0, 2)).toBe("E'")
        expect(unquoted(sql.slice(1), "'", true)).toEqual([one, ', 1'])
      }),
    )
  })
})

describe('a client in a container', () => {
  let folder: string
  // What a container would run is run here.
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'erlmcp-client-'))
    writeFileSync(join(folder, 'docker'), '#!/bin/sh\nshift 3\nexec "$@"\n')
    writeFileSync(join(folder, 'password'), 'a word\n')
    chmodSync(join(folder, 'docker'), 0o755)
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
    vi.stubEnv('POSTGRES_USER', 'the owner')
    vi.stubEnv('POSTGRES_PASSWORD_FILE', join(folder, 'password'))
  })
  afterAll(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })
  const ran = (database: string, words: readonly string[]) =>
    streamDocker(clientArgs({ service: 'db', container: 'an-id' }, database, words), {
      label: 'a client',
      consume: readText,
    })

  test('gets each word as it is, and the database in a variable', async () => {
    const print = 'printf "%s\\0" "$PGDATABASE" "$PGUSER" "$PGPASSWORD" "$@"'
    await fc.assert(
      fc.asyncProperty(name, fc.array(name, { maxLength: 5 }), async (database, words) => {
        const reply = await ran(database, ['sh', '-c', print, 'sh', ...words])
        expect(reply.split('\0')).toEqual([database, 'the owner', 'a word', ...words, ''])
      }),
      { numRuns: rounds(40) },
    )
  })

  test('that fails tells its last words', async () => {
    await expect(ran('shop', ['sh', '-c', 'echo no room >&2; exit 3'])).rejects.toMatchObject({
      summary: 'a client failed (exit 3)',
      hint: 'no room',
      kind: 'environment',
    })
  })
})

test('rows are read as they were printed, whatever is in them', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (values) => {
      const printed = values.map((one) => `${JSON.stringify(one)}\n`).join('')
      expect(jsonLines(printed)).toEqual(JSON.parse(JSON.stringify(values)))
    }),
  )
})
