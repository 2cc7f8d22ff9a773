import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { Decrypter, Encrypter } from 'age-encryption'
import type { BackupKey } from '../key/read-key.ts'

/**
 * scrypt slows down guessing. A key of `erlmcp secrets init` has 256 random bits and does not need it;
 * any other passphrase gets the work factor of `age`.
 */
const scryptWorkFactor = (passphrase: string): number =>
  /^[0-9a-f]{64,}$/.test(passphrase) ? 10 : 18

/**
 * Encrypts as `age` does with a passphrase (https://age-encryption.org/v1): ChaCha20-Poly1305 in
 * chunks, the last of which is marked: modification and truncation are detected.
 */
export async function seal(plain: Readable, { passphrase }: BackupKey): Promise<Readable> {
  const age = new Encrypter()
  age.setPassphrase(passphrase)
  age.setScryptWorkFactor(scryptWorkFactor(passphrase))
  return Readable.fromWeb((await age.encrypt(web(plain))) as ReadableStream)
}

/** @throws Error where the key does not fit; the stream fails where it was modified or truncated */
export async function unseal(sealed: Readable, { passphrase }: BackupKey): Promise<Readable> {
  const age = new Decrypter()
  age.addPassphrase(passphrase)
  return Readable.fromWeb((await age.decrypt(web(sealed))) as ReadableStream)
}

// Node's type of a web stream is its own; it is the same object.
const web = (stream: Readable) =>
  Readable.toWeb(stream) as unknown as globalThis.ReadableStream<Uint8Array>
