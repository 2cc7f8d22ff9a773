import type { KeyObject, X509Certificate } from 'node:crypto'
import { type SecretRecipe, UserError } from '@erlmcp/core'
import type { Issuer } from './certificate.ts'
import { lstatOrMissing } from './directory.ts'
import type { SecretResult } from './report.ts'
import { readable } from './secret-file.ts'
import type { Wanted } from './stack-secrets.ts'

/** The secrets of a run, and what became of those before this one. */
export interface Run {
  readonly wanted: readonly Wanted[]
  readonly results: ReadonlyMap<string, SecretResult>
  readonly now: Date
}

type CertificateRecipe = Exclude<SecretRecipe, { kind: 'random' }>
type PartOf<Recipe> = Wanted & { readonly recipe: Recipe }
export type CertificatePart = PartOf<CertificateRecipe>
type LeafRecipe = Extract<CertificateRecipe, { kind: 'leaf' }>
export type LeafPart = PartOf<LeafRecipe>

/** Whether it is a certificate or the key of one. */
export function isCertificatePart(secret: Wanted): secret is CertificatePart {
  return secret.recipe.kind !== 'random'
}

/** Parts are made in this order, as each is made from those before it. */
export function stepOf({ recipe }: Wanted): number {
  if (recipe.kind === 'random' || recipe.part === 'key') return 0
  return recipe.kind === 'authority' ? 1 : 2
}

/**
 * A key that is missing beside its certificate must not be made anew: nothing fits it any more.
 * To be asked before one looks for the key itself, since another run makes the key first.
 */
export async function standsWithoutKey(
  key: CertificatePart,
  run: Run,
): Promise<Wanted | undefined> {
  const certificate = partner(key, 'certificate', run)
  const stands = certificate?.violation === undefined && certificate !== undefined
  return stands && (await lstatOrMissing(certificate.file)) ? certificate : undefined
}

/** Content of a part that is missing. Certificates are made from the keys as they are on disk. */
export async function makePart(part: CertificatePart, run: Run): Promise<string> {
  const make = await import('./certificate.ts')
  const { recipe } = part
  if (recipe.part === 'key') return make.newPrivateKey()
  const key = await keyOf(needed(partner(part, 'key', run), part, run))
  if (recipe.kind === 'authority') return make.authorityCertificate(recipe.name, key, run.now)
  return make.leafCertificate(recipe, key, await issuerOf({ ...part, recipe }, run), run.now)
}

/** What signs a leaf, as it is on disk. The first certificate of an authority's file is in force. */
export async function issuerOf(part: LeafPart, run: Run): Promise<Issuer> {
  const { key: authorityKey, certificate: authorityCertificate } = authorityParts(part.recipe, run)
  const issuer = {
    key: await keyOf(needed(authorityKey, part, run)),
    certificate: await certificateOf(needed(authorityCertificate, part, run)),
  }
  if (!issuer.certificate.checkPrivateKey(issuer.key)) {
    throw strangers(authorityCertificate!, authorityKey!)
  }
  if (new Date(issuer.certificate.validTo) <= run.now) {
    throw new UserError({
      message: `its authority ${authorityCertificate!.path} has expired`,
      hint: `Remove ${authorityCertificate!.path} and what it signed, and run again: its key stays.`,
    })
  }
  return issuer
}

/**
 * Whether a certificate that was kept fits its key, its authority and its description, as far as
 * this user may read them.
 *
 * @throws UserError when it does not
 */
export async function checkKept(part: CertificatePart, run: Run): Promise<void> {
  const { recipe } = part
  if (recipe.part === 'key') return
  const { isIssuedBy, parseCertificates, uncoveredName } = await import('./certificate.ts')
  const certificate = (await readable(part.file)) && (await certificateOf(part))
  if (!certificate) return
  const key = partner(part, 'key', run)
  if (await present(key, run)) {
    if (!certificate.checkPrivateKey(await keyOf(key!))) throw strangers(part, key!)
  }
  if (recipe.kind === 'authority') return
  const authority = authorityParts(recipe, run).certificate
  if (await present(authority, run)) {
    await certificateOf(authority!)
    const trusted = parseCertificates(await contentOf(authority!))
    if (!trusted.some((one) => isIssuedBy(certificate, one))) {
      throw new UserError({
        message: `it is not signed by the authority ${authority!.path}`,
        hint: `Remove ${part.path} and run again to have it made, or put the right authority there.`,
      })
    }
  }
  const name = uncoveredName(certificate, recipe.names)
  if (name !== undefined) {
    throw new UserError({
      message: `it is not for the name ${name} that the stack gives it`,
      hint: `Remove ${part.path} and run again: it is made from the same key.`,
    })
  }
}

/** The certificate of a key, or the key of a certificate. */
export function partner(
  { recipe }: CertificatePart,
  side: 'certificate' | 'key',
  run: Pick<Run, 'wanted'>,
): CertificatePart | undefined {
  return run.wanted
    .filter(isCertificatePart)
    .find((other) => other.recipe.part === side && pairOf(other.recipe) === pairOf(recipe))
}

// What the two parts of one pair have in common, and nothing else has.
function pairOf(recipe: CertificateRecipe): string {
  return recipe.kind === 'authority'
    ? JSON.stringify([recipe.name])
    : JSON.stringify([recipe.authority, recipe.name, [...recipe.names].sort()])
}

/** The files of the authority that signs a leaf. */
export function authorityParts(recipe: LeafRecipe, run: Pick<Run, 'wanted'>) {
  const part = (side: 'certificate' | 'key') =>
    run.wanted
      .filter(isCertificatePart)
      .find(
        ({ recipe: other }) =>
          other.kind === 'authority' && other.part === side && other.name === recipe.authority,
      )
  return { certificate: part('certificate'), key: part('key') }
}

function needed(
  secret: CertificatePart | undefined,
  part: CertificatePart,
  run: Run,
): CertificatePart {
  if (secret === undefined) {
    const { recipe } = part
    throw new UserError({
      message: `the stack lacks a part that it is made from: a key of its own${
        recipe.kind === 'leaf'
          ? `, or key and certificate of the authority ${recipe.authority}`
          : ''
      }`,
      hint: 'Add the part to the stack, with the same name.',
    })
  }
  if (run.results.get(secret.path)?.status === 'problem') {
    throw new UserError({
      message: `it is made from ${secret.path}, which has a problem`,
      hint: 'Mend that one first.',
    })
  }
  return secret
}

async function present(secret: Wanted | undefined, run: Run): Promise<boolean> {
  if (secret === undefined || run.results.get(secret.path)?.status === 'problem') return false
  return (await readable(secret.file)) !== undefined
}

async function contentOf({ file, path }: Wanted): Promise<string> {
  const content = await readable(file)
  if (content !== undefined) return content
  throw new UserError({
    message: `it takes ${path}, which this user may not read`,
    hint: 'Run it as the owner of that file or as root.',
  })
}

/** @throws UserError when the file holds no key that can sign, or may not be read */
export async function keyOf(secret: Wanted): Promise<KeyObject> {
  const { parsePrivateKey } = await import('./certificate.ts')
  const key = parsePrivateKey(await contentOf(secret))
  if (key) return key
  throw new UserError({
    message: `${secret.path} is no private key in PEM, without a passphrase, of kind EC or RSA`,
    hint: 'Put the right key there, or remove it with its certificate to have both made.',
  })
}

async function certificateOf(secret: Wanted): Promise<X509Certificate> {
  const { parseCertificate } = await import('./certificate.ts')
  const certificate = parseCertificate(await contentOf(secret))
  if (certificate) return certificate
  throw new UserError({
    message: `${secret.path} is no certificate in PEM`,
    hint: 'Put the right one there, or remove it to have it made from its key.',
  })
}

function strangers(certificate: Wanted, key: Wanted): UserError {
  return new UserError({
    message: `the certificate ${certificate.path} and the key ${key.path} do not belong together`,
    hint: `Put the right key there, or remove ${certificate.path} and run again: it is made from the key.`,
  })
}
