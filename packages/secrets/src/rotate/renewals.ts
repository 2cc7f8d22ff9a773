import { randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import { findSuggestion, UserError } from '@erlmcp/core'
import {
  type CertificatePart,
  createPart,
  findAuthorityParts,
  findPartner,
  isCertificatePart,
  type LeafPart,
  readPrivateKey,
  resolveIssuer,
  type SecretsRun,
} from '../certificate/certificate-parts.ts'
import { previousFile } from '../file/previous-file.ts'
import { readSecret } from '../file/secret-file.ts'
import type { StackSecret } from '../stack-secrets.ts'

/** A new content for one secret file. */
export interface Renewal {
  readonly secret: StackSecret
  readonly content: string
  /** The current content, where it is known. */
  readonly old?: string
  /** What changes, such as `new key`. */
  readonly message: string
}

/** Selects secrets by path, or by the last part of it. */
export function selectSecrets(
  names: readonly string[],
  stackSecrets: readonly StackSecret[],
): StackSecret[] {
  return names.map((name) => {
    const found = stackSecrets.filter(({ path }) => path === name || basename(path) === name)
    if (found.length === 1) return found[0]!
    const all = stackSecrets.map(({ path }) => path)
    const near = findSuggestion(
      name,
      all.flatMap((path) => [path, basename(path)]),
    )
    throw new UserError({
      message:
        found.length > 1
          ? `${name} is ambiguous: ${found.map(({ path }) => path).join(' or ')}`
          : `unknown secret ${name}`,
      hint: `${near ? `Did you mean ${near}? ` : ''}The stack has: ${all.join(', ')}.`,
    })
  })
}

/** Plans new contents for these secrets and for those that depend on them. Nothing is written. */
export async function planRenewals(
  chosen: readonly StackSecret[],
  run: SecretsRun,
): Promise<readonly Renewal[]> {
  const renewals = new Map<string, Renewal>()
  for (const secret of chosen) {
    if (renewals.has(secret.path)) continue
    for (const renewal of await renewalsOf(secret, run)) renewals.set(renewal.secret.path, renewal)
  }
  return [...renewals.values()]
}

async function renewalsOf(secret: StackSecret, run: SecretsRun): Promise<readonly Renewal[]> {
  const { recipe } = secret
  if (recipe.kind === 'random') {
    const content = randomBytes(recipe.bytes).toString(recipe.encoding)
    const kept = secret.atRest ? `, previous one kept in ${previousFile(secret.path)}` : ''
    return [{ secret, content, message: `new content${kept}` }]
  }
  if (!isCertificatePart(secret)) return []
  if (recipe.kind === 'authority') return authorityStep(secret, run)
  const leaf = { ...secret, recipe }
  return recipe.part === 'key' ? renewPair(leaf, run) : [await reissue(leaf, run)]
}

/** The key stays, so that the two always fit. */
async function reissue(leaf: LeafPart, run: SecretsRun): Promise<Renewal> {
  return {
    secret: leaf,
    content: await createPart(leaf, run),
    message: 'reissued for the same key',
  }
}

async function renewPair(leaf: LeafPart, run: SecretsRun): Promise<readonly Renewal[]> {
  const { leafCertificate, generatePrivateKey, parsePrivateKey } = await import(
    '../certificate/certificate.ts'
  )
  const certificate = requirePart(findPartner(leaf, 'certificate', run), leaf)
  const key = generatePrivateKey()
  const issuer = await resolveIssuer(leaf, run)
  const content = await leafCertificate(leaf.recipe, parsePrivateKey(key)!, issuer, run.now)
  return [
    { secret: leaf, content: key, message: 'new key' },
    { secret: certificate, content, message: 'signed for the new key' },
  ]
}

/**
 * An authority is rotated in three runs. Its file tells which is next: with one certificate, a new
 * authority is added; with two, and leaf certificates of the old one, these are reissued; with two,
 * and no such certificate, the old authority is removed.
 */
async function authorityStep(part: CertificatePart, run: SecretsRun): Promise<readonly Renewal[]> {
  const make = await import('../certificate/certificate.ts')
  const { key, certificate } = requireParts(part, run)
  const content = readSecret(certificate)
  const [current, ...older] = make.parseCertificates(content)
  // Throws where the key cannot be read or parsed.
  await readPrivateKey(key)
  if (current && older.length > 0) {
    const stale = await findLeaves(certificate, run, async (leaf) => {
      const issued = make.parseCertificate(readSecret(leaf))
      return issued === undefined || !make.isIssuedBy(issued, current)
    })
    if (stale.length > 0) return Promise.all(stale.map((leaf) => reissue(leaf, run)))
    return [{ secret: certificate, content: pem(current.raw), message: 'old authority removed' }]
  }
  const newKey = make.generatePrivateKey()
  const next = await make.authorityCertificate(
    part.recipe.name,
    make.parsePrivateKey(newKey)!,
    run.now,
  )
  return [
    {
      secret: certificate,
      content: next + content.trim(),
      message: 'new authority added to the old one',
    },
    { secret: key, content: newKey, message: 'key of the new authority' },
  ]
}

async function findLeaves(
  authority: CertificatePart,
  run: SecretsRun,
  which: (leaf: LeafPart) => Promise<boolean>,
): Promise<readonly LeafPart[]> {
  const leafs: LeafPart[] = []
  for (const secret of run.stackSecrets) {
    const { recipe } = secret
    if (recipe.kind !== 'leaf' || recipe.part !== 'certificate') continue
    const leaf = { ...secret, recipe }
    if (findAuthorityParts(recipe, run).certificate?.path !== authority.path) continue
    if (await which(leaf)) leafs.push(leaf)
  }
  return leafs
}

function requireParts(part: CertificatePart, run: SecretsRun) {
  return {
    key: requirePart(findPartner(part, 'key', run), part),
    certificate: requirePart(findPartner(part, 'certificate', run), part),
  }
}

function requirePart(other: CertificatePart | undefined, part: CertificatePart): CertificatePart {
  if (other) return other
  throw new UserError({
    message: `the stack has only one part of ${part.path}: expected a key and a certificate`,
    hint: 'Add the part to the stack, with the same name.',
  })
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').replaceAll(/.{64}(?!$)/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}
