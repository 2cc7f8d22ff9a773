import { isUserError } from '@erlmcp/core'
import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sample } from '../testing/manifest.ts'
import { type Manifest, type Part, parseManifest, partsOf } from './manifest.ts'

const file = 'backups/shop-20261127T041500Z/manifest.json'
const read = (made: unknown) => parseManifest(JSON.stringify(made), file)

/** Why a manifest is refused; the words name the file first. */
function violation(made: unknown): string {
  try {
    read(made)
  } catch (error) {
    if (!isUserError(error)) throw error
    expect(error.summary.startsWith(file)).toBe(true)
    expect(error.hint).toMatch(/Use another set|Name the directory of a set/)
    return error.summary.slice(file.length)
  }
  return ''
}

type Place = readonly (string | number)[]

/** Every field of a value, however deep, but names that are its own: services, databases. */
function fieldsOf(value: unknown, at: Place = []): readonly Place[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) => {
    const place = [...at, Array.isArray(value) ? Number(key) : key]
    return [place, ...fieldsOf(one, place)]
  })
}

/** A copy in which one field is another value, or is not there. */
function changed(made: unknown, [key, ...rest]: Place, to: unknown): unknown {
  if (key === undefined) return to
  const copy: Record<string | number, unknown> = (
    Array.isArray(made) ? [...made] : { ...(made as object) }
  ) as never
  copy[key] = changed(copy[key], rest, to)
  return copy
}

const shown = (place: Place) =>
  place.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${key}`,
    '',
  )
const valueAt = (place: Place) =>
  place.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], sample)
const kindOf = (value: unknown) =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value

const fields = fieldsOf(sample)
const parts = fields.filter((place) => place.at(-1) === 'file')

/** Names of anything: any text without NUL. */
const words = fc
  .oneof(
    fc.string({ minLength: 1, unit: 'binary' }),
    fc.constantFrom('a\nb', '../x', '--help', `it's`, '__proto__'),
  )
  .filter((one) => !one.includes('\0'))

const hex = (digits: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits })
const sum = fc.bigInt().map(String)
const some = { maxLength: 3 }
const image = fc.constantFrom('postgres:17-trixie', 'registry.example:5000/shop@sha256:00', '0af3')
/** Files get their numbers in {@link manifests}. */
const part = fc.record({ file: fc.constant(''), bytes: fc.maxSafeNat(), sha256: hex(64) })
const lists = <One>(one: fc.Arbitrary<One>, by: keyof One) =>
  fc.uniqueArray(one, { ...some, selector: (value) => value[by] })

const database = fc.record({
  name: words,
  definition: part,
  dump: part,
  tables: fc.array(fc.record({ table: words, rows: fc.maxSafeNat(), digest: sum }), some),
  sequences: fc.array(
    fc.record({ sequence: words, value: words }, { requiredKeys: ['sequence'] }),
    some,
  ),
  largeObjects: fc.record({ count: fc.maxSafeNat(), digest: sum }),
})
const postgres = fc.record({
  service: words,
  image,
  version: fc.constant(170_012),
  user: words,
  roles: part,
  databases: lists(database, 'name'),
})
const redis = fc.record({
  service: words,
  image,
  version: fc.constant('8.2.1'),
  dump: part,
  keys: fc.dictionary(fc.nat(15).map(String), fc.maxSafeNat()),
  digest: hex(40),
})
const volume = fc.record({
  volume: words,
  archive: part,
  entries: fc.maxSafeNat(),
  bytes: fc.maxSafeNat(),
  digest: hex(64),
})

/** Manifests as `createBackup` could write them. */
const manifests: fc.Arbitrary<Manifest> = fc
  .record({
    format: fc.constant('erlmcp-backup' as const),
    version: fc.constant(1 as const),
    project: words,
    taken: fc
      .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    encrypted: fc.boolean(),
    images: fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.record({ image, id: image }), {
      maxKeys: 3,
    }),
    tools: image,
    postgres: lists(postgres, 'service'),
    redis: lists(redis, 'service'),
    volumes: lists(volume, 'volume'),
    omitted: fc.array(fc.record({ item: words, reason: words }), some),
  })
  .map(numbered)

/** The same with another file for each part. */
function numbered(made: Manifest): Manifest {
  let number = 0
  return JSON.parse(JSON.stringify(made), (_, value: Part) => {
    if (value?.file === undefined) return value
    number += 1
    return { ...value, file: `${number}-part.gz` }
  })
}

describe('a manifest', () => {
  test('is read as it was written, whatever things are called', () => {
    fc.assert(fc.property(manifests, (made) => void expect(read(made)).toEqual(made)))
  })

  test('names its parts once each', () => {
    expect(partsOf(read(sample)).map((part) => part.file)).toEqual([
      '1-db-roles.sql',
      '2-db-shop.sql',
      '3-db-shop.dump',
      '4-cache.rdb',
      '5-files.tar.gz',
    ])
  })

  test('may not know the value of a sequence that moved', () => {
    const at = ['postgres', 0, 'databases', 0, 'sequences', 0, 'value']
    expect(read(changed(sample, at, undefined))).toEqual(changed(sample, at, undefined))
  })
})

describe('an invalid manifest', () => {
  test.each(['', '{', 'null', '7', '[]', '"erlmcp-backup"', '{"format":"tar"}'])('%s', (text) => {
    expect(() => parseManifest(text, file)).toThrow(`${file}: expected the manifest of a backup`)
  })

  test('is any other JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void expect(violation(value)).not.toBe('')))
  })

  test('one of a newer version says so', () => {
    expect(() => read({ format: 'erlmcp-backup', version: 2 })).toThrow(/expected version 1, got 2/)
  })
})

describe('a manifest is refused, and the field is named, when', () => {
  const needed = fields.filter(
    (place) => !/^(format|images\.db|.*\.db0|.*\]\.value)$/.test(shown(place)),
  )

  test.each(needed.map((place) => [shown(place), place] as const))(
    '%s is missing',
    (name, place) => {
      const key = place.at(-1)
      const at = place.length > 1 ? `${shown(place.slice(0, -1))}: ` : ''
      const message = typeof key === 'number' ? `${name}: expected` : `${at}missing key ${key}`
      expect(violation(changed(sample, place, undefined))).toContain(`: ${message}`)
    },
  )

  test('any of them is of another kind', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...fields.filter((place) => shown(place) !== 'format')),
        fc.jsonValue(),
        (place, value) => {
          fc.pre(kindOf(value) !== kindOf(valueAt(place)))
          if (shown(place) === 'version') fc.pre(typeof value !== 'number')
          expect(violation(changed(sample, place, value))).toContain(`: ${shown(place)}: expected`)
        },
      ),
      { numRuns: rounds(1000) },
    )
  })

  test.each([
    '../../etc/passwd',
    '/etc/passwd',
    '1-a/../../b',
    '1-a/b',
    '1-a\\b',
    '1-a\n',
    '\n1-a',
    '1-a\0',
    '1-',
    'a',
    '-1-a',
    '',
    '..',
  ])('the file of a part is %j', (name) => {
    for (const place of parts) {
      const message = `: ${shown(place)}: expected the name of a part, got `
      expect(violation(changed(sample, place, name))).toContain(message)
    }
  })

  test.each(['--privileged', '-v=/:/host', ' postgres', 'a b', 'a\nb', 'a\0b', ''])(
    'an image is %j, which docker would take for more than that',
    (image) => {
      for (const place of [['tools'], ['postgres', 0, 'image'], ['redis', 0, 'image']]) {
        expect(violation(changed(sample, place, image))).toContain(`: ${shown(place)}: expected`)
      }
    },
  )

  test.each<[Place, unknown]>([
    [['postgres', 0, 'user'], 'a\0b'],
    [['postgres', 0, 'databases', 0, 'name'], ''],
    [['postgres', 0, 'databases', 0, 'tables', 0, 'rows'], -1],
    [['postgres', 0, 'databases', 0, 'tables', 0, 'digest'], '1.5'],
    [['redis', 0, 'digest'], 'a'.repeat(39)],
    [['redis', 0, 'keys', 'db0'], 0.5],
    [['volumes', 0, 'bytes'], 2 ** 53],
    [['volumes', 0, 'archive', 'sha256'], 'A'.repeat(64)],
    [['taken'], 'yesterday'],
    [['version'], 0],
  ])('%j is %j', (place, value) => {
    expect(violation(changed(sample, place, value))).toContain(`: ${shown(place)}: expected`)
  })

  test.each(['postgres', 'redis', 'volumes'] as const)('two of %s have one name', (kind) => {
    const [one] = sample[kind]
    const name = kind === 'volumes' ? 'volume' : 'service'
    const twice = `: ${kind}[1].${name}: duplicate ${JSON.stringify(valueAt([kind, 0, name]))}`
    expect(violation({ ...sample, [kind]: [one, one] })).toBe(twice)
  })

  test('one part is two things', () => {
    const made = changed(sample, ['redis', 0, 'dump', 'file'], '5-files.tar.gz')
    expect(violation(made)).toBe(': parts[4].file: duplicate "5-files.tar.gz"')
  })
})
