import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { type Readable, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { explainFsErrors } from '@erlmcp/core'
import { seal, unseal } from './encryption.ts'
import type { Part } from './manifest.ts'
import type { BackupKey } from './read-key.ts'
import { NotAFile, openRegular } from './regular-file.ts'

/** Why a set is refused; the person did nothing wrong. */
export class Refused extends Error {}

type Sum = Omit<Part, 'file'>

/** Writes a new file, and waits until it is on the disk. Packed where its name ends so. */
export async function writePart(path: string, content: Readable, key?: BackupKey): Promise<Sum> {
  const packed = isPacked(path) ? piped(content, createGzip({ level: 6 })) : content
  const sealed = key ? await seal(packed, key) : packed
  const { tap, sum } = summing()
  try {
    await pipeline(sealed, tap, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }))
  } catch (error) {
    return explainFsErrors(path, () => {
      throw error
    })
  }
  return sum()
}

/** The content of a file, decrypted and unpacked. The stream fails where it was changed or cut. */
export async function readPart(folder: string, file: string, key?: BackupKey): Promise<Readable> {
  const raw = (await openPart(join(folder, file), file)).createReadStream()
  const plain = key ? await unsealed(raw, key, file) : raw
  return isPacked(file) ? piped(plain, createGunzip()) : plain
}

/** @throws Refused when the key does not open it */
export async function unsealed(raw: Readable, key: BackupKey, name: string): Promise<Readable> {
  try {
    return await unseal(raw, key)
  } catch {
    raw.destroy()
    throw new Refused(`${name} is not opened by the key in ${key.file}`)
  }
}

/** @throws Refused when it is missing, not a regular file, or cannot be read */
export async function openPart(path: string, name: string): Promise<FileHandle> {
  try {
    return await openRegular(path)
  } catch (error) {
    if (error instanceof NotAFile) throw new Refused(`${name} cannot be read: ${error.message}`)
    throw new Refused(`${name} is missing, or cannot be read`)
  }
}

/**
 * Compares a file with what the manifest says of it. One of another size is not read.
 *
 * @returns what differs, or undefined
 */
export async function partFault(folder: string, part: Part): Promise<string | undefined> {
  const { file, bytes, sha256 } = part
  const { tap, sum } = summing()
  try {
    const handle = await openPart(join(folder, file), file)
    const { size } = await handle.stat()
    if (size !== bytes) {
      await handle.close()
      return `${file} has ${size} bytes instead of ${bytes}`
    }
    await pipeline(handle.createReadStream(), tap, nowhere())
  } catch (error) {
    return error instanceof Refused ? error.message : `${file} is missing, or cannot be read`
  }
  const found = sum()
  if (found.bytes !== bytes) return `${file} has ${found.bytes} bytes instead of ${bytes}`
  return found.sha256 === sha256 ? undefined : `${file} was changed`
}

/** Where what is only looked at goes. */
export const nowhere = (): Writable => new Writable({ write: (_chunk, _, pass) => pass() })

const isPacked = (name: string): boolean => /\.gz(\.age)?$/.test(name)

/** Errors of the first come out of the last. */
function piped<Through extends Transform>(source: Readable, through: Through): Through {
  pipeline(source, through).catch(() => {})
  return through
}

function summing(): { readonly tap: Transform; sum(): Sum } {
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
