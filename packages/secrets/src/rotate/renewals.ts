import { randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import { findSuggestion, UserError } from '@erlmcp/core'
import {
  authorityParts,
  type CertificatePart,
  isCertificatePart,
  issuerOf,
  keyOf,
  type LeafPart,
  makePart,
  partner,
  type Run,
} from '../certificate-parts.ts'
import { previousFile } from '../previous-file.ts'
import { readable } from '../secret-file.ts'
import type { Wanted } from '../stack-secrets.ts'

/** A new content for one secret file. */
export interface Renewal {
  readonly secret: Wanted
  readonly content: string
  /** What it has now, where that is known. */
  readonly old?: string
  /** What is new about it, in words. */
  readonly message: string
}

/** The secrets of these names: a path, or the last part of one. */
export function namedSecrets(names: readonly string[], wanted: readonly Wanted[]): Wanted[] {
  return names.map((name) => {
    const found = wanted.filter(({ path }) => path === name || basename(path) === name)
    if (found.length === 1) return found[0]!
    const all = wanted.map(({ path }) => path)
    const near = findSuggestion(
      name,
      all.flatMap((path) => [path, basename(path)]),
    )
    throw new UserError({
      message:
        found.length > 1
          ? `${name} may be ${found.map(({ path }) => path).join(' or ')}`
          : `the stack has no secret ${name}${near ? `; did you mean ${near}?` : ''}`,
      hint: `It has: ${all.join(', ')}.`,
    })
  })
}

/** New contents for these secrets and for what belongs to them. Nothing is written. */
export async function plan(chosen: readonly Wanted[], run: Run): Promise<readonly Renewal[]> {
  const renewals = new Map<string, Renewal>()
  for (const secret of chosen) {
    if (renewals.has(secret.path)) continue
    for (const renewal of await renewalsOf(secret, run)) renewals.set(renewal.secret.path, renewal)
  }
  return [...renewals.values()]
}

async function renewalsOf(secret: Wanted, run: Run): Promise<readonly Renewal[]> {
  const { recipe } = secret
  if (recipe.kind === 'random') {
    const content = randomBytes(recipe.bytes).toString(recipe.encoding)
    const kept = secret.atRest ? `, the one before is kept in ${previousFile(secret.path)}` : ''
    return [{ secret, content, message: `new content${kept}` }]
  }
  if (!isCertificatePart(secret)) return []
  if (recipe.kind === 'authority') return authorityStep(secret, run)
  const leaf = { ...secret, recipe }
  return recipe.part === 'key' ? newPair(leaf, run) : [await reissued(leaf, run)]
}

/** The same key, so that there is no moment in which the two do not fit. */
async function reissued(leaf: LeafPart, run: Run): Promise<Renewal> {
  return { secret: leaf, content: await makePart(leaf, run), message: 'signed anew, same key' }
}

async function newPair(leaf: LeafPart, run: Run): Promise<readonly Renewal[]> {
  const { leafCertificate, newPrivateKey, parsePrivateKey } = await import('../certificate.ts')
  const certificate = needed(partner(leaf, 'certificate', run), leaf)
  const key = newPrivateKey()
  const issuer = await issuerOf(leaf, run)
  const content = await leafCertificate(leaf.recipe, parsePrivateKey(key)!, issuer, run.now)
  return [
    { secret: leaf, content: key, message: 'new key' },
    { secret: certificate, content, message: 'signed for the new key' },
  ]
}

/**
 * An authority changes in three steps, and its file says which is next: one certificate: a new
 * authority, both trusted; two, and leafs of the old: those are signed anew; two, and no such leaf:
 * the old is dropped.
 */
async function authorityStep(part: CertificatePart, run: Run): Promise<readonly Renewal[]> {
  const make = await import('../certificate.ts')
  const { key, certificate } = partsOf(part, run)
  const content = await contentOf(certificate)
  const [current, ...older] = make.parseCertificates(content)
  // Also says whether key and certificate can be read and understood.
  await keyOf(key)
  if (current && older.length > 0) {
    const stale = await leafsOf(certificate, run, async (leaf) => {
      const parsed = make.parseCertificate(await contentOf(leaf))
      return parsed === undefined || !make.isIssuedBy(parsed, current)
    })
    if (stale.length > 0) return Promise.all(stale.map((leaf) => reissued(leaf, run)))
    return [
      { secret: certificate, content: pem(current.raw), message: 'the old authority dropped' },
    ]
  }
  const newKey = make.newPrivateKey()
  const next = await make.authorityCertificate(
    part.recipe.name,
    make.parsePrivateKey(newKey)!,
    run.now,
  )
  return [
    {
      secret: certificate,
      content: next + content.trim(),
      message: 'a new authority beside the old',
    },
    { secret: key, content: newKey, message: 'key of the new authority' },
  ]
}

async function leafsOf(
  authority: CertificatePart,
  run: Run,
  which: (leaf: LeafPart) => Promise<boolean>,
): Promise<readonly LeafPart[]> {
  const leafs: LeafPart[] = []
  for (const secret of run.wanted) {
    const { recipe } = secret
    if (recipe.kind !== 'leaf' || recipe.part !== 'certificate') continue
    const leaf = { ...secret, recipe }
    if (authorityParts(recipe, run).certificate?.path !== authority.path) continue
    if (await which(leaf)) leafs.push(leaf)
  }
  return leafs
}

function partsOf(part: CertificatePart, run: Run) {
  return {
    key: needed(partner(part, 'key', run), part),
    certificate: needed(partner(part, 'certificate', run), part),
  }
}

function needed(other: CertificatePart | undefined, part: CertificatePart): CertificatePart {
  if (other) return other
  throw new UserError({
    message: `${part.path} has no other part in the stack: a key or a certificate`,
    hint: 'Add the part to the stack, with the same name.',
  })
}

/** @throws UserError when this user may not read it */
export async function contentOf({ file, path }: Wanted): Promise<string> {
  const content = await readable(file)
  if (content !== undefined) return content
  throw new UserError({
    message: `${path} may not be read by this user`,
    hint: 'Run it as the owner of that file or as root.',
  })
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').replaceAll(/.{64}(?!$)/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}
