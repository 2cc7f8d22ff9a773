import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import { UserError } from '@erlmcp/core'

/** An Ed25519 signature (RFC 8032) over the canonical text of what it stands beside. */
export interface Signature {
  readonly algorithm: 'Ed25519'
  /** The public key, DER of SPKI in base64: it tells who signed, and not that one may trust them. */
  readonly key: string
  /** Base64. */
  readonly value: string
}

/**
 * A private key from a PEM file, as `openssl genpkey -algorithm ed25519` makes one.
 *
 * @throws UserError when it is not there, is another kind of key, or wants a passphrase
 */
export function readPrivateKey(file: string): KeyObject {
  return readKey(file, createPrivateKey, `Make one: ${makePrivate}; ${makePublic}`)
}

/**
 * A public key from a PEM file, as `openssl pkey -pubout` makes one.
 *
 * @throws UserError when it is not there, or is another kind of key
 */
export function readPublicKey(file: string): KeyObject {
  // A new one has signed none of the receipts that are there.
  return readKey(file, createPublicKey, `Name that of the key which signed: ${makePublic}`)
}

const makePrivate = 'openssl genpkey -algorithm ed25519 -out receipts.key'
const makePublic = 'openssl pkey -in receipts.key -pubout -out receipts.pub'

function readKey(file: string, parse: (pem: Buffer) => KeyObject, hint: string): KeyObject {
  const wrong = (message: string) => new UserError({ message: `${file} ${message}`, hint })
  let key: KeyObject
  try {
    key = parse(readFileSync(file))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') throw wrong('is not there')
    if (code === 'EACCES' || code === 'EISDIR') throw wrong('cannot be read')
    throw wrong(
      `is no ${parse === createPrivateKey ? 'private ' : ''}key in PEM without a passphrase`,
    )
  }
  if (key.asymmetricKeyType === 'ed25519') return key
  throw wrong(`is a key of kind ${key.asymmetricKeyType}, and receipts are signed with Ed25519`)
}

export function sign(text: string, key: KeyObject): Signature {
  return {
    algorithm: 'Ed25519',
    key: derOf(createPublicKey(key)),
    value: signBytes(null, Buffer.from(text), key).toString('base64'),
  }
}

/** Whether the signature is what its own key makes of the text. */
export function isGenuine(text: string, { algorithm, key, value }: Signature): boolean {
  if (algorithm !== 'Ed25519') return false
  try {
    const der = Buffer.from(key, 'base64')
    const bytes = Buffer.from(value, 'base64')
    // Base64 has several texts for the same bytes.
    if (der.toString('base64') !== key || bytes.toString('base64') !== value) return false
    const by = createPublicKey({ key: der, format: 'der', type: 'spki' })
    return by.asymmetricKeyType === 'ed25519' && verifyBytes(null, Buffer.from(text), by, bytes)
  } catch {
    // What is no key has signed nothing.
    return false
  }
}

export function isBy({ key }: Signature, by: KeyObject): boolean {
  return key === derOf(by)
}

function derOf(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).toString('base64')
}
