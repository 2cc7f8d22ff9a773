import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import { UserError } from '@erlmcp/core'

/** An Ed25519 signature (RFC 8032) of canonical JSON. */
export interface Signature {
  readonly algorithm: 'Ed25519'
  /** The public key: DER of SPKI, in base64. It identifies the signer and proves no trust. */
  readonly key: string
  /** Base64. */
  readonly value: string
}

/**
 * Reads a private key from a PEM file, as `openssl genpkey -algorithm ed25519` writes it.
 *
 * @throws UserError when the file is missing, or has another kind of key or a passphrase
 */
export function readPrivateKey(file: string): KeyObject {
  return readKey(file, createPrivateKey, `Create one: ${createPrivate}; ${createPublic}`)
}

/**
 * Reads a public key from a PEM file, as `openssl pkey -pubout` writes it.
 *
 * @throws UserError when the file is missing or has another kind of key
 */
export function readPublicKey(file: string): KeyObject {
  // A new key would not match the existing receipts.
  return readKey(file, createPublicKey, `Export it from the key that signed: ${createPublic}`)
}

const createPrivate = 'openssl genpkey -algorithm ed25519 -out receipts.key'
const createPublic = 'openssl pkey -in receipts.key -pubout -out receipts.pub'

function readKey(file: string, parse: (pem: Buffer) => KeyObject, hint: string): KeyObject {
  const invalid = (message: string) => new UserError({ message: `${file}: ${message}`, hint })
  let key: KeyObject
  try {
    key = parse(readFileSync(file))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') throw invalid('file not found')
    if (code === 'EACCES' || code === 'EISDIR') throw invalid('the file cannot be read')
    const kind = parse === createPrivateKey ? 'private' : 'public'
    throw invalid(`expected a ${kind} key in PEM without a passphrase`)
  }
  if (key.asymmetricKeyType === 'ed25519') return key
  throw invalid(`expected an Ed25519 key, got ${key.asymmetricKeyType}`)
}

/** Signs a text. */
export function sign(text: string, key: KeyObject): Signature {
  return {
    algorithm: 'Ed25519',
    key: derOf(createPublicKey(key)),
    value: signBytes(null, Buffer.from(text), key).toString('base64'),
  }
}

/** Whether a text has this signature, by the key in it. */
export function isValidSignature(text: string, { algorithm, key, value }: Signature): boolean {
  if (algorithm !== 'Ed25519') return false
  try {
    const der = Buffer.from(key, 'base64')
    const bytes = Buffer.from(value, 'base64')
    // Base64 can encode the same bytes in several ways.
    if (der.toString('base64') !== key || bytes.toString('base64') !== value) return false
    const signer = createPublicKey({ key: der, format: 'der', type: 'spki' })
    return (
      signer.asymmetricKeyType === 'ed25519' && verifyBytes(null, Buffer.from(text), signer, bytes)
    )
  } catch {
    // An invalid key.
    return false
  }
}

/** Whether a key has made the signature. */
export function isSignedBy({ key }: Signature, signer: KeyObject): boolean {
  return key === derOf(signer)
}

function derOf(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).toString('base64')
}
