import type { KeyObject, X509Certificate } from 'node:crypto'
import { type SecretRecipe, UserError } from '@erlmcp/core'
import { lstatIfExists } from '../file/directory.ts'
import { readIfPermitted, readSecret } from '../file/secret-file.ts'
import type { SecretResult } from '../report.ts'
import type { StackSecret } from '../stack-secrets.ts'
import type { Issuer } from './certificate.ts'

/** The secrets of a run, and the results of those before the current one. */
export interface SecretsRun {
  readonly stackSecrets: readonly StackSecret[]
  readonly results: ReadonlyMap<string, SecretResult>
  readonly now: Date
}

type CertificateRecipe = Exclude<SecretRecipe, { kind: 'random' }>
type PartOf<Recipe> = StackSecret & { readonly recipe: Recipe }
export type CertificatePart = PartOf<CertificateRecipe>
type LeafRecipe = Extract<CertificateRecipe, { kind: 'leaf' }>
export type LeafPart = PartOf<LeafRecipe>

/** Whether a secret is a certificate or the key of one. */
export function isCertificatePart(secret: StackSecret): secret is CertificatePart {
  return secret.recipe.kind !== 'random'
}

/** The order in which parts are created: each needs those before it. */
export function creationStep({ recipe }: StackSecret): number {
  if (recipe.kind === 'random' || recipe.part === 'key') return 0
  return recipe.kind === 'authority' ? 1 : 2
}

/**
 * Finds the certificate of a missing key: no new key would fit it. Call it before looking for the key
 * itself, since a concurrent run creates the key first.
 */
export async function findCertificateWithoutKey(
  key: CertificatePart,
  run: SecretsRun,
): Promise<StackSecret | undefined> {
  const certificate = findPartner(key, 'certificate', run)
  if (certificate === undefined || certificate.violation !== undefined) return undefined
  return (await lstatIfExists(certificate.file)) ? certificate : undefined
}

/** Creates the content of a missing part. Certificates are created from the keys on the disk. */
export async function createPart(part: CertificatePart, run: SecretsRun): Promise<string> {
  const make = await import('./certificate.ts')
  const { recipe } = part
  if (recipe.part === 'key') return make.generatePrivateKey()
  const key = await readPrivateKey(requirePart(findPartner(part, 'key', run), part, run))
  if (recipe.kind === 'authority') return make.authorityCertificate(recipe.name, key, run.now)
  return make.leafCertificate(recipe, key, await resolveIssuer({ ...part, recipe }, run), run.now)
}

/** Reads the authority that signs a leaf. The first certificate in its file is the current one. */
export async function resolveIssuer(part: LeafPart, run: SecretsRun): Promise<Issuer> {
  const { key: authorityKey, certificate: authorityCertificate } = findAuthorityParts(
    part.recipe,
    run,
  )
  const issuer = {
    key: await readPrivateKey(requirePart(authorityKey, part, run)),
    certificate: await readCertificate(requirePart(authorityCertificate, part, run)),
  }
  if (!issuer.certificate.checkPrivateKey(issuer.key)) {
    throw keyMismatch(authorityCertificate!, authorityKey!)
  }
  if (new Date(issuer.certificate.validTo) <= run.now) {
    throw new UserError({
      message: `the authority ${authorityCertificate!.path} has expired`,
      hint: `Remove ${authorityCertificate!.path} and the certificates that it signed, and run again. The key is kept.`,
    })
  }
  return issuer
}

/**
 * Validates an existing certificate against its key, its authority and its recipe, as far as this
 * user may read them.
 *
 * @throws UserError
 */
export async function validateCertificate(part: CertificatePart, run: SecretsRun): Promise<void> {
  const { recipe } = part
  if (recipe.part === 'key') return
  const { isIssuedBy, parseCertificates, uncoveredName } = await import('./certificate.ts')
  const certificate = readIfPermitted(part.file) && (await readCertificate(part))
  if (!certificate) return
  const key = findPartner(part, 'key', run)
  if (isReadable(key, run)) {
    if (!certificate.checkPrivateKey(await readPrivateKey(key!))) throw keyMismatch(part, key!)
  }
  if (recipe.kind === 'authority') return
  const authority = findAuthorityParts(recipe, run).certificate
  if (isReadable(authority, run)) {
    await readCertificate(authority!)
    const trusted = parseCertificates(readSecret(authority!))
    if (!trusted.some((one) => isIssuedBy(certificate, one))) {
      throw new UserError({
        message: `not signed by the authority ${authority!.path}`,
        hint: `Remove ${part.path} and run again to create it, or put the right authority there.`,
      })
    }
  }
  const name = uncoveredName(certificate, recipe.names)
  if (name !== undefined) {
    throw new UserError({
      message: `certificate does not cover the name ${name} of the stack`,
      hint: `Remove ${part.path} and run again: it is created from the same key.`,
    })
  }
}

/** Finds the certificate of a key, or the key of a certificate. */
export function findPartner(
  { recipe }: CertificatePart,
  side: 'certificate' | 'key',
  run: Pick<SecretsRun, 'stackSecrets'>,
): CertificatePart | undefined {
  return run.stackSecrets
    .filter(isCertificatePart)
    .find((other) => other.recipe.part === side && pairId(other.recipe) === pairId(recipe))
}

// Only the two parts of one pair share it.
function pairId(recipe: CertificateRecipe): string {
  return recipe.kind === 'authority'
    ? JSON.stringify([recipe.name])
    : JSON.stringify([recipe.authority, recipe.name, [...recipe.names].sort()])
}

/** Finds the files of the authority that signs a leaf. */
export function findAuthorityParts(recipe: LeafRecipe, run: Pick<SecretsRun, 'stackSecrets'>) {
  const part = (side: 'certificate' | 'key') =>
    run.stackSecrets
      .filter(isCertificatePart)
      .find(
        ({ recipe: other }) =>
          other.kind === 'authority' && other.part === side && other.name === recipe.authority,
      )
  return { certificate: part('certificate'), key: part('key') }
}

function requirePart(
  secret: CertificatePart | undefined,
  part: CertificatePart,
  run: SecretsRun,
): CertificatePart {
  if (secret === undefined) {
    const { recipe } = part
    throw new UserError({
      message: `the stack lacks a part that this one needs: its key${
        recipe.kind === 'leaf'
          ? `, or key and certificate of the authority ${recipe.authority}`
          : ''
      }`,
      hint: 'Add the part to the stack, with the same name.',
    })
  }
  if (run.results.get(secret.path)?.status === 'problem') {
    throw new UserError({
      message: `needs ${secret.path}, which is invalid`,
      hint: 'Fix that file first.',
    })
  }
  return secret
}

function isReadable(secret: StackSecret | undefined, run: SecretsRun): boolean {
  if (secret === undefined || run.results.get(secret.path)?.status === 'problem') return false
  return readIfPermitted(secret.file) !== undefined
}

/** @throws UserError where the file has no key that can sign, or this user may not read it */
export async function readPrivateKey(secret: StackSecret): Promise<KeyObject> {
  const { parsePrivateKey } = await import('./certificate.ts')
  const key = parsePrivateKey(readSecret(secret))
  if (key) return key
  throw new UserError({
    message: `${secret.path}: expected an EC or RSA private key in PEM without a passphrase`,
    hint: 'Put the right key there, or remove it with its certificate to have both created.',
  })
}

async function readCertificate(secret: StackSecret): Promise<X509Certificate> {
  const { parseCertificate } = await import('./certificate.ts')
  const certificate = parseCertificate(readSecret(secret))
  if (certificate) return certificate
  throw new UserError({
    message: `${secret.path}: expected a certificate in PEM`,
    hint: 'Put the right one there, or remove it to have it created from its key.',
  })
}

function keyMismatch(certificate: StackSecret, key: StackSecret): UserError {
  return new UserError({
    message: `the certificate ${certificate.path} does not fit the key ${key.path}`,
    hint: `Put the right key there, or remove ${certificate.path} and run again: it is created from the key.`,
  })
}
