import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseKeyspace } from '../redis/keyspace.ts'
import { compareKeys } from '../redis/load-snapshot.ts'
import type { DatabaseFacts, KeyFacts } from '../set/manifest.ts'
import { compareFacts, parseRows } from './database-facts.ts'

describe('the facts of a database', () => {
  const saved: DatabaseFacts = {
    tables: [
      { table: 'public.item', rows: 3, digest: '17' },
      { table: 'public."we""ird"', rows: 0, digest: '0' },
    ],
    sequences: [{ sequence: 'public.id', value: '3 called' }, { sequence: 'public.moving' }],
    largeObjects: { count: 1, digest: '5' },
  }
  const [item, weird] = saved.tables
  const moving = { sequence: 'public.moving', value: '9' }
  const found: DatabaseFacts = {
    ...saved,
    sequences: [{ sequence: 'public.id', value: '3 called' }, moving],
  }

  test('are those that psql prints', () => {
    const lines = [...saved.tables, saved.largeObjects].map((one) => `${JSON.stringify(one)}\n`)
    const { tables, largeObjects } = saved
    expect(parseRows(lines.join(''))).toEqual({ tables, largeObjects })
  })

  test('are the same in any order, wherever a sequence moved to meanwhile', () => {
    expect(compareFacts(saved, found)).toEqual([])
    expect(compareFacts(saved, { ...found, tables: [weird!, item!] })).toEqual([])
  })

  test.each<[Partial<DatabaseFacts>, string]>([
    [{ tables: [item!] }, 'the table public."we""ird" is missing'],
    [{ tables: [{ ...item!, rows: 2 }, weird!] }, 'public.item: expected 3 rows, got 2'],
    [{ tables: [{ ...item!, digest: '18' }, weird!] }, 'public.item: other values in its 3 rows'],
    [
      { tables: [item!, weird!, { table: 'public.new', rows: 0, digest: '0' }] },
      'unknown table public.new',
    ],
    [{ sequences: [moving] }, 'the sequence public.id is missing'],
    [
      { sequences: [{ sequence: 'public.id', value: '3' }, moving] },
      'the sequence public.id: expected 3 called, got 3',
    ],
    [{ sequences: [found.sequences[0]!] }, 'the sequence public.moving is missing'],
    [{ largeObjects: { count: 0, digest: '0' } }, 'expected 1 large objects, got 0'],
    [{ largeObjects: { count: 1, digest: '6' } }, 'the large objects have other contents'],
  ])('differ by %j', (other, words) => {
    expect(compareFacts(saved, { ...found, ...other })).toEqual([words])
  })
})

describe('the facts of a Redis', () => {
  const counts = fc.dictionary(
    fc.nat(15).map((db) => `db${db}`),
    fc.integer({ min: 1, max: 1e9 }),
  )

  test('are its numbers of keys, as it prints them', () => {
    fc.assert(
      fc.property(counts, (keys) => {
        const lines = Object.entries(keys).map(
          ([db, count]) => `${db}:keys=${count},expires=1,avg_ttl=0,subexpiry=0\r\n`,
        )
        expect(parseKeyspace(`# Keyspace\r\n${lines.join('')}`)).toEqual({ ...keys })
      }),
    )
  })

  test('are the same for the same keys only', () => {
    fc.assert(
      fc.property(counts, counts, (keys, others) => {
        const saved: KeyFacts = { keys, digest: 'a' }
        const wrong = compareKeys(saved, { keys: others, digest: 'a' })
        const names = new Set([...Object.keys(keys), ...Object.keys(others)])
        expect(wrong).toHaveLength([...names].filter((db) => keys[db] !== others[db]).length)
        expect(compareKeys(saved, { keys, digest: 'b' })).toEqual(['the keys have other values'])
      }),
    )
    const saved = { keys: { db0: 3, db5: 1 }, digest: 'a' }
    expect(compareKeys(saved, { keys: { db0: 2, db1: 1 }, digest: 'a' })).toEqual([
      'db0: expected 3 keys, got 2',
      'db5: expected 1 keys, got 0',
      'db1: expected 0 keys, got 1',
    ])
  })
})
