import 'reflect-metadata'
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate as Parsed,
  randomBytes,
  webcrypto,
} from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

const day = 86_400_000
/** Ten years: only this deployment trusts the authority. */
const authorityLifetime = 3650 * day
/** The longest that TLS libraries accept for a server certificate. */
const leafLifetime = 825 * day
/** Certificates are valid since an hour ago: clocks of other machines may be slow. */
const backdating = 3_600_000

/** A new private key as PKCS #8 PEM: EC P-256, which every current TLS library accepts. */
export function generatePrivateKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** Parses a private key in PEM; `undefined` for anything else, an encrypted key, and one that cannot sign. */
export function parsePrivateKey(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem)
    return signingAlgorithm(key) && key
  } catch {
    return undefined
  }
}

/** Parses the first certificate of a PEM file. */
export function parseCertificate(pem: string): Parsed | undefined {
  try {
    return new Parsed(pem)
  } catch {
    return undefined
  }
}

/** Parses all certificates of a PEM file: during its rotation an authority has a new and an old one. */
export function parseCertificates(pem: string): readonly Parsed[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return blocks.flatMap((block) => parseCertificate(block) ?? [])
}

/** An authority that signs. */
export interface Issuer {
  readonly key: KeyObject
  readonly certificate: Parsed
}

/** A self-signed authority that may sign certificates but no further authorities, as PEM. */
export async function authorityCertificate(
  name: string,
  key: KeyObject,
  now: Date,
): Promise<string> {
  const subject = commonName(name)
  const from = now.getTime() - backdating
  return sign(key, {
    subject,
    issuer: subject,
    publicKey: publicKeyOf(key),
    from,
    to: from + authorityLifetime,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
    ],
  })
}

/** The certificate of a server or client, as PEM. It ends no later than its authority. */
export async function leafCertificate(
  leaf: {
    readonly name: string
    readonly names: readonly string[]
    readonly usages: readonly ('server' | 'client')[]
  },
  key: KeyObject,
  issuer: Issuer,
  now: Date,
): Promise<string> {
  const authority = new x509.X509Certificate(issuer.certificate.raw)
  const from = now.getTime() - backdating
  return sign(issuer.key, {
    subject: commonName(leaf.name),
    issuer: authority.subjectName,
    publicKey: publicKeyOf(key),
    from,
    to: Math.min(from + leafLifetime, authority.notAfter.getTime()),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(
        leaf.usages.map((usage) => x509.ExtendedKeyUsage[`${usage}Auth`]),
      ),
      new x509.SubjectAlternativeNameExtension(
        leaf.names.map((name) =>
          isIP(name) ? { type: 'ip', value: canonicalAddress(name) } : { type: 'dns', value: name },
        ),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(authority, false, webcrypto),
    ],
  })
}

/** Whether the authority signed it. */
export function isIssuedBy(certificate: Parsed, authority: Parsed): boolean {
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey)
}

/** Finds a name that the certificate does not cover. */
export function uncoveredName(certificate: Parsed, names: readonly string[]): string | undefined {
  const listed = (certificate.subjectAltName ?? '').toLowerCase().split(', ')
  return names.find((name) =>
    isIP(name) ? !certificate.checkIP(name) : !listed.includes(`dns:${name.toLowerCase()}`),
  )
}

type SigningAlgorithm = { name: string; namedCurve?: string; hash: string }

function signingAlgorithm(key: KeyObject): SigningAlgorithm | undefined {
  if (key.asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  if (key.asymmetricKeyType !== 'ec') return undefined
  switch (key.asymmetricKeyDetails?.namedCurve) {
    case 'prime256v1':
      return { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
    case 'secp384r1':
      return { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }
    case 'secp521r1':
      return { name: 'ECDSA', namedCurve: 'P-521', hash: 'SHA-512' }
    default:
      return undefined
  }
}

function publicKeyOf(key: KeyObject): x509.PublicKey {
  return new x509.PublicKey(createPublicKey(key).export({ type: 'spki', format: 'der' }))
}

// As attributes, not as text: in `CN=a, O=b` a name could add attributes.
function commonName(name: string): x509.Name {
  return new x509.Name([{ CN: [{ utf8String: name }] }])
}

async function sign(
  key: KeyObject,
  certificate: {
    subject: x509.Name
    issuer: x509.Name
    publicKey: x509.PublicKey
    from: number
    to: number
    extensions: x509.Extension[]
  },
): Promise<string> {
  const { subject, issuer, publicKey, extensions } = certificate
  const algorithm = signingAlgorithm(key)!
  const signingKey = await webcrypto.subtle.importKey(
    'pkcs8',
    new Uint8Array(key.export({ type: 'pkcs8', format: 'der' })),
    algorithm,
    false,
    ['sign'],
  )
  const signed = await x509.X509CertificateGenerator.create(
    {
      serialNumber: serialNumber(),
      subject,
      issuer,
      publicKey,
      signingKey,
      signingAlgorithm: algorithm,
      notBefore: wholeSeconds(certificate.from),
      notAfter: wholeSeconds(certificate.to),
      extensions: [
        ...extensions,
        await x509.SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  )
  return `${signed.toString('pem').trim()}\n`
}

// Positive, without leading zeros, and unguessable (RFC 5280 4.1.2.2).
function serialNumber(): string {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x7f) | 0x40
  return bytes.toString('hex')
}

// Address parsers differ over the rarer spellings, such as `::0:0:0.0.0.1`; all agree over this one.
function canonicalAddress(address: string): string {
  if (isIP(address) === 4) return address
  return new URL(`http://[${address}]`).hostname.slice(1, -1)
}

const wholeSeconds = (time: number): Date => new Date(Math.floor(time / 1000) * 1000)
