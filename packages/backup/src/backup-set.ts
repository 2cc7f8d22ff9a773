import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { explainFsErrors, syncFolder, UserError, writeDurably } from '@erlmcp/core'
import { type Manifest, type Part, parseManifest } from './manifest.ts'
import { openPart, Refused, readPart, unsealed, writePart } from './part.ts'
import type { BackupKey } from './read-key.ts'

/** A set that is being written. It has its name only when it is whole. */
export interface NewSet {
  /** Where it will be. */
  readonly path: string
  /** Writes the next part: packed where its name ends with `.gz`, and encrypted where the set is. */
  part(name: string, content: Readable): Promise<Part>
  /** The content of a part that was written. */
  read(part: Part): Promise<Readable>
  /** Writes the manifest, and gives the set its name. */
  finish(manifest: Manifest): Promise<void>
  /** Removes what was written. */
  discard(): Promise<void>
}

export const manifestName = 'manifest.json'
export const sealedName = `${manifestName}.age`

// Of one project: that of `shop-test` is none of `shop`, and may be under way.
const unfinished = /^\.(.+)-\d{8}T\d{6}Z-[0-9a-f]{8}\.unfinished$/

/**
 * Begins a set `PROJECT-TIME` in a folder, which is made if need be, closed to other users and
 * ignored by git. What killed runs of this project left there is removed: one runs at a time.
 */
export async function newSet(
  folder: string,
  project: string,
  taken: Date,
  key?: BackupKey,
): Promise<NewSet> {
  await closedFolder(folder)
  for (const name of explainFsErrors(folder, () => readdirSync(folder))) {
    if (unfinished.exec(name)?.[1] !== project) continue
    await rm(join(folder, name), { recursive: true, force: true })
  }
  const time = taken.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')
  const path = join(folder, `${project}-${time}`)
  const made = join(folder, `.${project}-${time}-${randomBytes(4).toString('hex')}.unfinished`)
  explainFsErrors(made, () => mkdirSync(made, { mode: 0o700 }))
  let number = 0
  return {
    path,
    async part(name, content) {
      number += 1
      const plain = `${number}-${name.replaceAll(/[^\w.-]/g, '_').slice(-100)}`
      const file = key ? `${plain}.age` : plain
      return { file, ...(await writePart(join(made, file), content, key)) }
    },
    read: ({ file }) => readPart(made, file, key),
    async finish(manifest) {
      const file = key ? sealedName : manifestName
      const text = `${JSON.stringify(manifest, null, 2)}\n`
      // What could not be read again would be no backup.
      parseManifest(text, join(path, file))
      const content = Readable.from([Buffer.from(text)])
      const { sha256 } = await writePart(join(made, file), content, key)
      // As sha256sum prints and checks it.
      writeDurably(join(made, `${manifestName}.sha256`), `${sha256}  ${file}\n`, 0o600)
      syncFolder(made)
      // A folder that has something in it is never replaced.
      if (existsSync(path)) throw thereAlready(path)
      await rename(made, path)
      syncFolder(folder)
    },
    discard: () => rm(made, { recursive: true, force: true }),
  }
}

async function closedFolder(folder: string): Promise<void> {
  if (existsSync(folder)) {
    const stats = await stat(folder)
    if (stats.isDirectory() && (stats.mode & 0o077) === 0) return ignoreSets(folder)
    throw new UserError({
      message: stats.isDirectory()
        ? `${folder} is open to other users, who could read the backups`
        : `${folder} is no folder`,
      hint: `Close it: chmod 700 ${folder}. Or name another folder with --to.`,
    })
  }
  explainFsErrors(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }))
  writeDurably(join(folder, '.gitignore'), '*\n', 0o600)
}

/** A folder that was made by hand holds sets that git would take; other files in it are not ours. */
function ignoreSets(folder: string): void {
  const others = explainFsErrors(folder, () => readdirSync(folder)).filter((name) => !isSet(name))
  if (others.length > 0) return
  writeDurably(join(folder, '.gitignore'), '*\n', 0o600)
}

const isSet = (name: string): boolean => /-\d{8}T\d{6}Z$/.test(name) || unfinished.test(name)

function thereAlready(path: string): UserError {
  return new UserError({
    message: `${path} is there already`,
    hint: 'A set is never overwritten. Run it again: the next one has another time.',
  })
}

/** A set on the disk. */
export interface BackupSet {
  readonly path: string
  readonly manifest: Manifest
  /** The content of a part. */
  read(part: Part): Promise<Readable>
}

/**
 * Opens a set.
 *
 * @throws UserError when there is none, it is of another version, or its key is not given
 * @throws Refused when its manifest is not as it was written, or the key does not open it
 */
export async function openSet(path: string, key?: BackupKey): Promise<BackupSet> {
  const sealed = existsSync(join(path, sealedName))
  const name = sealed ? sealedName : manifestName
  const file = join(path, name)
  if (!existsSync(file)) {
    throw new UserError({
      message: `${path} is no backup: it has no ${manifestName}`,
      hint: 'Name the folder of a set, as `erlmcp backup list` shows them.',
    })
  }
  if (sealed && !key) {
    throw new UserError({
      message: `${path} is encrypted`,
      hint: 'Name the file of its key: --key.',
    })
  }
  if (!sealed && key) {
    // Whoever may write here could have put it in the place of one that the key sealed.
    throw new Refused(
      `${path} is not encrypted, so the key in ${key.file} cannot prove where it comes from; without --key it is taken as it is`,
    )
  }
  const bytes = await contentOf(file, name, longestManifest)
  const sums = await contentOf(join(path, `${manifestName}.sha256`), `${manifestName}.sha256`, 200)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sums.toString() !== `${sha256}  ${basename(file)}\n`)
    throw new Refused(`${name} is not as it was written`)
  const opener = key && (await openerOf(bytes, key, name))
  const text = opener ? await opened(bytes, opener, name) : bytes.toString()
  const manifest = parseManifest(text, file)
  if (manifest.encrypted !== sealed) throw new Refused(`${name} is not as it was written`)
  return { path, manifest, read: ({ file: part }) => readPart(path, part, opener) }
}

// A few kilobytes for each table: no deployment has so many.
const longestManifest = 256 * 1024 * 1024

async function contentOf(file: string, name: string, limit: number): Promise<Buffer> {
  const handle = await openPart(file, name)
  try {
    const { size } = await handle.stat()
    if (size > limit) throw new Refused(`${name} has ${size} bytes, more than ${limit}`)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

/** Of a key and those that it replaced, the one that the set was sealed with. */
async function openerOf(bytes: Buffer, key: BackupKey, name: string): Promise<BackupKey> {
  for (const passphrase of [key.passphrase, ...(key.previous ?? [])]) {
    const candidate = { file: key.file, passphrase }
    try {
      await unsealed(Readable.from([bytes]), candidate, name)
      return candidate
    } catch {
      // The next may.
    }
  }
  throw new Refused(`${name} is not opened by the key in ${key.file}`)
}

async function opened(bytes: Buffer, key: BackupKey, name: string): Promise<string> {
  try {
    const chunks: Buffer[] = []
    for await (const chunk of await unsealed(Readable.from([bytes]), key, name)) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  } catch (error) {
    throw error instanceof Refused ? error : new Refused(`${name} cannot be decrypted`)
  }
}
