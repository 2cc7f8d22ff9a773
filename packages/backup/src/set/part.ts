import { createHash } from 'node:crypto'
import { closeSync, createReadStream, createWriteStream, fstatSync } from 'node:fs'
import { join } from 'node:path'
import { type Readable, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { explainFsErrors, IrregularFileError, openRegularFile } from '@erlmcp/core'
import type { BackupKey } from '../key/read-key.ts'
import { seal, unseal } from './encryption.ts'
import type { Part } from './manifest.ts'

/** A set is damaged, or its key does not fit: not an error of the caller. */
export class SetRejected extends Error {}

type Sum = Omit<Part, 'file'>

/** Writes a new file durably, compressed where its name ends with `.gz`. */
export async function writePart(path: string, content: Readable, key?: BackupKey): Promise<Sum> {
  const packed = isPacked(path) ? pipeThrough(content, createGzip({ level: 6 })) : content
  const sealed = key ? await seal(packed, key) : packed
  const { tap, sum } = hashingTap()
  try {
    await pipeline(sealed, tap, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }))
  } catch (error) {
    return explainFsErrors(path, () => {
      throw error
    })
  }
  return sum()
}

/** Reads a file, decrypted and decompressed. The stream fails where the file was modified or truncated. */
export async function readPart(folder: string, file: string, key?: BackupKey): Promise<Readable> {
  const raw = createReadStream('', { fd: openPart(join(folder, file), file) })
  const plain = key ? await unsealed(raw, key, file) : raw
  return isPacked(file) ? pipeThrough(plain, createGunzip()) : plain
}

/** @throws SetRejected where the key does not decrypt it */
export async function unsealed(raw: Readable, key: BackupKey, name: string): Promise<Readable> {
  try {
    return await unseal(raw, key)
  } catch {
    raw.destroy()
    throw new SetRejected(`${name} cannot be decrypted with the key in ${key.file}`)
  }
}

/**
 * Opens a file of a set.
 *
 * @returns the file descriptor, which the caller closes
 * @throws SetRejected where it is missing, irregular or unreadable
 */
export function openPart(path: string, name: string): number {
  try {
    return openRegularFile(path)
  } catch (error) {
    if (error instanceof IrregularFileError)
      throw new SetRejected(`${name} cannot be read: ${error.message}`)
    throw new SetRejected(`${name} is missing or unreadable`)
  }
}

/**
 * Compares a file with its size and SHA-256 in the manifest.
 *
 * @returns what differs, or `undefined`
 */
export async function findPartError(folder: string, part: Part): Promise<string | undefined> {
  const { file, bytes, sha256 } = part
  const { tap, sum } = hashingTap()
  try {
    const fd = openPart(join(folder, file), file)
    const { size } = fstatSync(fd)
    if (size !== bytes) {
      closeSync(fd)
      return `${file}: expected ${bytes} bytes, got ${size}`
    }
    await pipeline(createReadStream('', { fd }), tap, discard())
  } catch (error) {
    return error instanceof SetRejected ? error.message : `${file} is missing or unreadable`
  }
  const found = sum()
  if (found.bytes !== bytes) return `${file}: expected ${bytes} bytes, got ${found.bytes}`
  return found.sha256 === sha256 ? undefined : `${file} was modified`
}

/** A stream that discards what it receives. */
export const discard = (): Writable => new Writable({ write: (_chunk, _, pass) => pass() })

const isPacked = (name: string): boolean => /\.gz(\.age)?$/.test(name)

/** Pipes; an error of the source is emitted by the result. */
function pipeThrough<Through extends Transform>(source: Readable, through: Through): Through {
  pipeline(source, through).catch(() => {})
  return through
}

function hashingTap(): { readonly tap: Transform; sum(): Sum } {
  const hash = createHash('sha256')
  let bytes = 0
  const tap = new Transform({
    transform(chunk: Buffer, _, pass) {
      bytes += chunk.length
      hash.update(chunk)
      pass(null, chunk)
    },
  })
  return { tap, sum: () => ({ bytes, sha256: hash.copy().digest('hex') }) }
}
