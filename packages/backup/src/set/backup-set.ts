import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { explainFsErrors, sha256, syncFolder, UserError, writeDurably } from '@erlmcp/core'
import type { BackupKey } from '../key/read-key.ts'
import { type Manifest, type Part, parseManifest } from './manifest.ts'
import { openPart, readPart, SetRejected, unsealed, writePart } from './part.ts'

/** A set that is being written. It gets its name when it is complete. */
export interface SetWriter {
  /** Its final path. */
  readonly path: string
  /** Writes the next part, compressed where its name ends with `.gz`. */
  part(name: string, content: Readable): Promise<Part>
  /** Reads a part that was written. */
  read(part: Part): Promise<Readable>
  /** Writes the manifest, and renames the set. */
  finish(manifest: Manifest): Promise<void>
  /** Removes what was written. */
  discard(): Promise<void>
}

export const manifestName = 'manifest.json'
export const sealedName = `${manifestName}.age`

// Of one project: a backup of `shop-test` may be in progress while `shop` begins.
const unfinished = /^\.(.+)-\d{8}T\d{6}Z-[0-9a-f]{8}\.unfinished$/

/**
 * Creates a set `PROJECT-TIME` in a directory, which is created where missing, closed to other users
 * and ignored by git. Leftovers of killed runs of this project are removed.
 */
export async function createSet(
  folder: string,
  project: string,
  taken: Date,
  key?: BackupKey,
): Promise<SetWriter> {
  await prepareFolder(folder)
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
      // Verifies that the set can be read again.
      parseManifest(text, join(path, file))
      const content = Readable.from([Buffer.from(text)])
      const { sha256 } = await writePart(join(made, file), content, key)
      // In the format of sha256sum.
      writeDurably(join(made, `${manifestName}.sha256`), `${sha256}  ${file}\n`, 0o600)
      syncFolder(made)
      // A set is never replaced.
      if (existsSync(path)) throw setExists(path)
      await rename(made, path)
      syncFolder(folder)
    },
    discard: () => rm(made, { recursive: true, force: true }),
  }
}

async function prepareFolder(folder: string): Promise<void> {
  if (existsSync(folder)) {
    const stats = await stat(folder)
    if (stats.isDirectory() && (stats.mode & 0o077) === 0) return ignoreSets(folder)
    throw new UserError({
      message: stats.isDirectory()
        ? `${folder} is open to other users`
        : `${folder}: expected a directory`,
      hint: `Run chmod 700 ${folder}, or name another directory with --to.`,
    })
  }
  explainFsErrors(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }))
  writeDurably(join(folder, '.gitignore'), '*\n', 0o600)
}

/** In a directory that the user has created git would commit the sets. One with other files is left alone. */
function ignoreSets(folder: string): void {
  const others = explainFsErrors(folder, () => readdirSync(folder)).filter((name) => !isSet(name))
  if (others.length > 0) return
  writeDurably(join(folder, '.gitignore'), '*\n', 0o600)
}

const isSet = (name: string): boolean => /-\d{8}T\d{6}Z$/.test(name) || unfinished.test(name)

function setExists(path: string): UserError {
  return new UserError({
    message: `${path} exists`,
    hint: 'Run the command again: the next set has another time.',
  })
}

/** An existing set. */
export interface BackupSet {
  readonly path: string
  readonly manifest: Manifest
  /** Reads a part. */
  read(part: Part): Promise<Readable>
}

/**
 * Opens a set.
 *
 * @throws UserError for anything but a set of this version, and where its key is missing
 * @throws SetRejected where its manifest was modified, or the key does not decrypt it
 */
export async function openSet(path: string, key?: BackupKey): Promise<BackupSet> {
  const sealed = existsSync(join(path, sealedName))
  const name = sealed ? sealedName : manifestName
  const file = join(path, name)
  if (!existsSync(file)) {
    throw new UserError({
      message: `${path}: expected a backup, found no ${manifestName}`,
      hint: 'Name the directory of a set. `erlmcp backup list` lists them.',
    })
  }
  if (sealed && !key) {
    throw new UserError({
      message: `${path} is encrypted`,
      hint: 'Name the file of its key with --key.',
    })
  }
  if (!sealed && key) {
    // An attacker with write access could have replaced an encrypted set.
    throw new SetRejected(
      `${path} is not encrypted, so the key in ${key.file} cannot prove its origin. Without --key it is used as it is`,
    )
  }
  const bytes = contentOf(file, name, longestManifest)
  const sums = contentOf(join(path, `${manifestName}.sha256`), `${manifestName}.sha256`, 200)
  const digest = sha256(bytes)
  if (sums.toString() !== `${digest}  ${basename(file)}\n`)
    throw new SetRejected(`${name} was modified`)
  const opener = key && (await findOpener(bytes, key, name))
  const text = opener ? await opened(bytes, opener, name) : bytes.toString()
  const manifest = parseManifest(text, file)
  if (manifest.encrypted !== sealed) throw new SetRejected(`${name} was modified`)
  return { path, manifest, read: ({ file: part }) => readPart(path, part, opener) }
}

// Far more than the manifest of any deployment.
const longestManifest = 256 * 1024 * 1024

function contentOf(file: string, name: string, limit: number): Buffer {
  const fd = openPart(file, name)
  try {
    const { size } = fstatSync(fd)
    if (size > limit) throw new SetRejected(`${name} has ${size} bytes, more than ${limit}`)
    return readFileSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Finds which of a key and its predecessors encrypted the set. */
async function findOpener(bytes: Buffer, key: BackupKey, name: string): Promise<BackupKey> {
  for (const passphrase of [key.passphrase, ...(key.previous ?? [])]) {
    const candidate = { file: key.file, passphrase }
    try {
      await unsealed(Readable.from([bytes]), candidate, name)
      return candidate
    } catch {
      // Try the next.
    }
  }
  throw new SetRejected(`${name} cannot be decrypted with the key in ${key.file}`)
}

async function opened(bytes: Buffer, key: BackupKey, name: string): Promise<string> {
  try {
    const chunks: Buffer[] = []
    for await (const chunk of await unsealed(Readable.from([bytes]), key, name)) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  } catch (error) {
    throw error instanceof SetRejected ? error : new SetRejected(`${name} cannot be decrypted`)
  }
}
