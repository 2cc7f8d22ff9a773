import { isObject, schema, UserError } from '@erlmcp/core'
import { findDuplicate, findViolation, name, record } from './schema.ts'

const { boolean, count, list, map, oneOf, textLike } = schema

/** A file of a set. */
export interface Part {
  /** Its name in the set, without a folder. */
  readonly file: string
  /** Of the file as it lies there: packed, and encrypted where the set is. */
  readonly bytes: number
  readonly sha256: string
}

/** Facts that prove that a database is complete. The digests do not depend on the order of rows. */
export interface DatabaseFacts {
  readonly tables: readonly {
    readonly table: string
    readonly rows: number
    readonly digest: string
  }[]
  /** Without a value where the sequence has changed during the dump. */
  readonly sequences: readonly { readonly sequence: string; readonly value?: string }[]
  readonly largeObjects: { readonly count: number; readonly digest: string }
}

export interface SavedDatabase extends DatabaseFacts {
  readonly name: string
  /** Encoding, locale, owner, settings and privileges, as JSON. */
  readonly definition: Part
  readonly dump: Part
}

export interface SavedPostgres {
  readonly service: string
  readonly image: string
  /** `server_version_num`, such as 170012. */
  readonly version: number
  /** Its superuser. */
  readonly user: string
  readonly roles: Part
  readonly databases: readonly SavedDatabase[]
}

/** Facts that prove that the data of a Redis is complete. */
export interface KeyFacts {
  /** Number of keys by database, including expired ones. */
  readonly keys: Readonly<Record<string, number>>
  /** `DEBUG DIGEST` of Redis, of all keys and values. */
  readonly digest: string
}

export interface SavedRedis extends KeyFacts {
  readonly service: string
  readonly image: string
  readonly version: string
  readonly dump: Part
}

/** Facts that prove that a volume is complete. */
export interface TreeFacts {
  /** Files, directories and links. */
  readonly entries: number
  /** Total size of the contents. */
  readonly bytes: number
  /** Digest of names, types, owners, modes, times, attributes and the SHA-256 of each content. */
  readonly digest: string
}

export interface SavedVolume extends TreeFacts {
  /** Its key in the compose file, without the name of the project. */
  readonly volume: string
  readonly archive: Part
}

/** An item that is not in a set. */
export interface OmittedItem {
  /** A volume, or the mount of a service. */
  readonly item: string
  readonly reason: string
}

/** Contents of a set, and the facts that prove it. */
export interface Manifest {
  readonly format: 'erlmcp-backup'
  readonly version: 1
  /** Name of the Compose project. */
  readonly project: string
  /** Start of the backup, in UTC. */
  readonly taken: string
  readonly encrypted: boolean
  /** The image of each service, and its id on the engine. */
  readonly images: Readonly<Record<string, { readonly image: string; readonly id: string }>>
  /** The image whose `tar` packed the volumes. */
  readonly tools: string
  readonly postgres: readonly SavedPostgres[]
  readonly redis: readonly SavedRedis[]
  readonly volumes: readonly SavedVolume[]
  readonly omitted: readonly OmittedItem[]
}

/** All files of a set except the manifest. */
export function partsOf({ postgres, redis, volumes }: Manifest): readonly Part[] {
  return [
    ...postgres.flatMap(({ roles, databases }) => [
      roles,
      ...databases.flatMap(({ definition, dump }) => [definition, dump]),
    ]),
    ...redis.map(({ dump }) => dump),
    ...volumes.map(({ archive }) => archive),
  ]
}

// It becomes an argument of a command, and must not be an option.
const image = textLike(/^[^-\s\p{Cc}][^\s\p{Cc}]*$/u, 'the name of an image')
const hex = (digits: number) =>
  textLike(new RegExp(`^[0-9a-f]{${digits}}$`), `a hash of ${digits} digits`)
const sum = textLike(/^-?\d+$/, 'a sum')

const part = record<Part>({
  file: textLike(/^\d+-[\w.-]+$/, 'the name of a part'),
  bytes: count,
  sha256: hex(64),
})

const database = record<SavedDatabase>({
  name,
  definition: part,
  dump: part,
  tables: list(record<DatabaseFacts['tables'][number]>({ table: name, rows: count, digest: sum })),
  sequences: list(
    record<DatabaseFacts['sequences'][number]>({ sequence: name, value: name }, ['value']),
  ),
  largeObjects: record<DatabaseFacts['largeObjects']>({ count, digest: sum }),
})

const manifest = record<Manifest>({
  format: oneOf('erlmcp-backup'),
  version: oneOf(1),
  project: name,
  taken: textLike(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, 'a time in UTC'),
  encrypted: boolean,
  images: map(record<Manifest['images'][string]>({ image: name, id: name })),
  tools: image,
  postgres: list(
    record<SavedPostgres>({
      service: name,
      image,
      version: count,
      user: name,
      roles: part,
      databases: list(database),
    }),
  ),
  redis: list(
    record<SavedRedis>({
      service: name,
      image,
      version: name,
      dump: part,
      keys: map(count),
      digest: hex(40),
    }),
  ),
  volumes: list(
    record<SavedVolume>({
      volume: name,
      archive: part,
      entries: count,
      bytes: count,
      digest: hex(64),
    }),
  ),
  omitted: list(record<OmittedItem>({ item: name, reason: name })),
})

/**
 * Parses a manifest.
 *
 * @throws UserError for anything but a manifest of this version, as `createBackup` writes it
 */
export function parseManifest(text: string, path: string): Manifest {
  const made = parseJson(text)
  if (!isObject(made) || made.format !== 'erlmcp-backup') {
    throw new UserError({
      message: `${path}: expected the manifest of a backup`,
      hint: 'Name the directory of a set. `erlmcp backup list` lists them.',
    })
  }
  if (typeof made.version === 'number' && made.version > 1) {
    throw new UserError({
      message: `${path}: expected version 1, got ${made.version}`,
      hint: 'Use the version of @erlmcp/cli that created the set, or a newer one.',
    })
  }
  // The cast holds: nothing reads the value before `findViolation` has found none.
  const violation = findViolation(manifest, made) ?? findDuplicateIn(made as unknown as Manifest)
  if (violation === undefined) return made as unknown as Manifest
  throw new UserError({
    message: `${path}: ${violation}`,
    hint: 'The manifest was modified. Use another set.',
  })
}

function findDuplicateIn(made: Manifest): string | undefined {
  const { postgres, redis, volumes } = made
  return (
    findDuplicate('postgres', postgres, 'service') ??
    postgres
      .map(({ databases }, at) => findDuplicate(`postgres[${at}].databases`, databases, 'name'))
      .find((one) => one !== undefined) ??
    findDuplicate('redis', redis, 'service') ??
    findDuplicate('volumes', volumes, 'volume') ??
    findDuplicate('parts', partsOf(made), 'file')
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
