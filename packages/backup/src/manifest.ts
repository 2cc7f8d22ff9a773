import { UserError } from '@erlmcp/core'
import { count, list, map, object, oneOf, optional, text, words, yesOrNo } from './schema.ts'

/** A file of a set. */
export interface Part {
  /** Its name in the set, without a folder. */
  readonly file: string
  /** Of the file as it lies there: packed, and encrypted where the set is. */
  readonly bytes: number
  readonly sha256: string
}

/** What proves that a database is whole. The digests do not depend on the order of rows. */
export interface DatabaseFacts {
  readonly tables: readonly {
    readonly table: string
    readonly rows: number
    readonly digest: string
  }[]
  /** The value is absent where the sequence moved while it was dumped. */
  readonly sequences: readonly { readonly sequence: string; readonly value?: string }[]
  readonly largeObjects: { readonly count: number; readonly digest: string }
}

export interface SavedDatabase extends DatabaseFacts {
  readonly name: string
  /** Encoding, locale, owner, settings and rights: SQL that makes it under another name, too. */
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

/** What proves that a Redis is whole. */
export interface KeyFacts {
  /** Number of keys of each database that has some, expired ones too. */
  readonly keys: Readonly<Record<string, number>>
  /** Of all keys and values: Redis' own `DEBUG DIGEST`. */
  readonly digest: string
}

export interface SavedRedis extends KeyFacts {
  readonly service: string
  readonly image: string
  readonly version: string
  readonly dump: Part
}

/** What proves that a volume is whole. */
export interface TreeFacts {
  /** Files, directories and links. */
  readonly entries: number
  /** Of all contents. */
  readonly bytes: number
  /** Of names, kinds, owners, modes, times, attributes, and the SHA-256 of each content. */
  readonly digest: string
}

export interface SavedVolume extends TreeFacts {
  /** Its key in the compose file, without the name of the project. */
  readonly volume: string
  readonly archive: Part
}

/** What is not in a set. */
export interface OmittedItem {
  /** A volume, or the mount of a service. */
  readonly item: string
  readonly reason: string
}

/** What a backup is, and what proves it. */
export interface Manifest {
  readonly format: 'erlmcp-backup'
  readonly version: 1
  /** The compose project that it is of. */
  readonly project: string
  /** When it was begun, in UTC. */
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

/** Every file of a set but the manifest. */
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

// It becomes a word of a command, and must not be an option of that.
const image = text(/^[^-\s\p{Cc}][^\s\p{Cc}]*$/u, 'name of an image')
const hex = (digits: number) =>
  text(new RegExp(`^[0-9a-f]{${digits}}$`), `hash of ${digits} digits`)
const sum = text(/^-?\d+$/, 'sum')

const part = object<Part>({
  file: text(/^\d+-[\w.-]+$/, 'name of a part'),
  bytes: count,
  sha256: hex(64),
})

const database = object<SavedDatabase>({
  name: words,
  definition: part,
  dump: part,
  tables: list(object<DatabaseFacts['tables'][number]>({ table: words, rows: count, digest: sum })),
  sequences: list(
    object<DatabaseFacts['sequences'][number]>({ sequence: words, value: optional(words) }),
  ),
  largeObjects: object<DatabaseFacts['largeObjects']>({ count, digest: sum }),
})

const manifest = object<Manifest>({
  format: oneOf('erlmcp-backup'),
  version: oneOf(1),
  project: words,
  taken: text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, 'time in UTC'),
  encrypted: yesOrNo,
  images: map(object<Manifest['images'][string]>({ image: words, id: words })),
  tools: image,
  postgres: list(
    object<SavedPostgres>({
      service: words,
      image,
      version: count,
      user: words,
      roles: part,
      databases: list(database, 'name'),
    }),
    'service',
  ),
  redis: list(
    object<SavedRedis>({
      service: words,
      image,
      version: words,
      dump: part,
      keys: map(count),
      digest: hex(40),
    }),
    'service',
  ),
  volumes: list(
    object<SavedVolume>({
      volume: words,
      archive: part,
      entries: count,
      bytes: count,
      digest: hex(64),
    }),
    'volume',
  ),
  omitted: list(object<OmittedItem>({ item: words, reason: words })),
})

/**
 * Reads a manifest.
 *
 * @throws UserError when it is none, one of another version, or not as `createBackup` writes it
 */
export function parseManifest(text: string, path: string): Manifest {
  const made = parsed(text)
  if (made?.format !== 'erlmcp-backup') {
    throw new UserError({
      message: `${path} is no manifest of a backup`,
      hint: 'Name the folder of a set, as `erlmcp backup list` shows them.',
    })
  }
  if (typeof made.version === 'number' && made.version > 1) {
    throw new UserError({
      message: `${path} is of version ${made.version}, and this program knows version 1`,
      hint: 'Use the version of @erlmcp/cli that made it, or a newer one.',
    })
  }
  const violation = manifest(made, '') ?? partTwice(made as Manifest)
  if (violation === undefined) return made as Manifest
  throw new UserError({
    message: `${path}: ${violation}`,
    hint: 'It is not as `erlmcp backup create` wrote it. Take another set.',
  })
}

function partTwice(made: Manifest): string | undefined {
  const files = partsOf(made).map(({ file }) => file)
  const twice = files.find((file, index) => files.indexOf(file) < index)
  return twice && `the part ${twice} is two things`
}

function parsed(text: string): Partial<Record<keyof Manifest, unknown>> | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
