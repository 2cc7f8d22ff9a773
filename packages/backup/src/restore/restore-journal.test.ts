import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dropJournal, findJournal, type Journal, writeJournal } from './restore-journal.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'erlmcp-journal-'))
})
afterEach(() => rmSync(root, { recursive: true }))

const journal: Journal = {
  state: 'preparing',
  project: 'shop',
  set: 'backups/shop-20261127T041500Z',
  stopped: ['0af3'],
  postgres: [
    {
      service: 'db',
      databases: [
        { name: 'two "words\'\n', staged: 'erlmcp_new_1', kept: 'erlmcp_kept_1', existed: true },
      ],
    },
  ],
  redis: [{ service: 'cache', volume: 'shop_cache' }],
  volumes: ['shop_files'],
}

test('a journal is found as it was written last, until it is removed', () => {
  expect(findJournal(root, 'shop')).toBeUndefined()
  writeJournal(root, journal)
  writeJournal(root, { ...journal, state: 'committed' })
  expect(findJournal(root, 'shop')).toEqual({ ...journal, state: 'committed' })
  expect(findJournal(root, 'shop-test')).toBeUndefined()
  expect(readdirSync(join(root, '.erlmcp'))).toEqual(['restore-shop.json'])
  expect(statSync(join(root, '.erlmcp/restore-shop.json')).mode & 0o777).toBe(0o600)
  dropJournal(root, 'shop')
  dropJournal(root, 'shop')
  expect(readdirSync(join(root, '.erlmcp'))).toEqual([])
})

test('a file of a killed run is not in the way', () => {
  mkdirSync(join(root, '.erlmcp'))
  writeFileSync(join(root, '.erlmcp/restore-shop.json-0123456789abcdef.unfinished'), '{"state":')
  expect(findJournal(root, 'shop')).toBeUndefined()
  writeJournal(root, journal)
  expect(findJournal(root, 'shop')).toEqual(journal)
  dropJournal(root, 'shop')
  expect(readdirSync(join(root, '.erlmcp'))).toEqual([])
})

describe('a journal that was modified is rejected', () => {
  test.each<[string, string]>([
    ['', 'it is not JSON'],
    ['{"state":', 'it is not JSON'],
    ['[]', 'expected an object, got a list'],
    ['{}', 'missing key state'],
    [JSON.stringify({ ...journal, state: 'over' }), 'state: expected'],
    [JSON.stringify({ ...journal, stopped: [7] }), 'stopped[0]: expected a name, got 7'],
    [
      JSON.stringify({ ...journal, volumes: ['/'] }),
      'volumes[0]: expected the name of a volume, got "/"',
    ],
    [
      JSON.stringify({ ...journal, volumes: ['../x'] }),
      'volumes[0]: expected the name of a volume, got "../x"',
    ],
    [JSON.stringify({ ...journal, redis: [{ service: 'cache' }] }), 'redis[0]: missing key volume'],
  ])('%s', (text, violation) => {
    writeJournal(root, journal)
    writeFileSync(join(root, '.erlmcp/restore-shop.json'), text)
    expect(() => findJournal(root, 'shop')).toThrow(
      `${join(root, '.erlmcp/restore-shop.json')}, the journal of a restore, was modified: ${violation}`,
    )
    expect(() => findJournal(root, 'shop')).toThrow('.erlmcp-restore of each volume')
  })
})
