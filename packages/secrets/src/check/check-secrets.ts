import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Location, locationOf, type SecretFile, UserError } from '@erlmcp/core'
import {
  type CertificateFacts,
  certificateFacts,
  findValidityError,
} from '../certificate/certificate-facts.ts'
import {
  type CertificatePart,
  isCertificatePart,
  type SecretsRun,
  validateCertificate,
} from '../certificate/certificate-parts.ts'
import { explainFailure } from '../explain-failure.ts'
import { resolveRoot } from '../file/directory.ts'
import { isExistingSecret, readIfPermitted } from '../file/secret-file.ts'
import { findWeakness } from '../password/password-strength.ts'
import type { SecretResult } from '../report.ts'
import { collectSecrets, type StackSecret } from '../stack-secrets.ts'
import { tryPasswords } from './try-passwords.ts'

/** Options of {@link checkSecrets}. */
export interface CheckSecretsOptions {
  /** Days for which a certificate must still be valid. Default: 30. */
  readonly within?: number
  /** Default: now. */
  readonly now?: Date
  /** Whether passwords are tried at the running servers that use them. Default: true. */
  readonly servers?: boolean
}

/** The result for one secret file. It never holds the content. */
export type CheckedSecret =
  | {
      readonly path: string
      readonly status: 'valid'
      /** Whether a running server accepted it. */
      readonly tried?: true
      /** The certificates of the file. */
      readonly certificates?: readonly CertificateFacts[]
    }
  | {
      readonly path: string
      readonly status: 'problem'
      readonly message: string
      readonly hint: string
      readonly location?: Location
      readonly certificates?: readonly CertificateFacts[]
    }

/** Result of {@link checkSecrets}. */
export interface SecretsCheck {
  /** One for each path, in the order they were first given. */
  readonly secrets: readonly CheckedSecret[]
  /** Whether all are valid. */
  readonly ok: boolean
  /** Whether the passwords were tried at running servers; not so where no engine answers. */
  readonly asked: boolean
}

/**
 * Checks every secret file of a stack, and changes none: the file exists, only its readers can read it,
 * its directory is closed to other users, its content cannot be guessed; a certificate fits its key,
 * its authority and its names, and does not expire soon.
 *
 * @param root the project directory; paths are relative to it
 * @throws UserError where `root` is not a directory
 * @example
 * const { ok, secrets } = await checkSecrets('.', synthesis.secrets, { within: 14 })
 */
export async function checkSecrets(
  root: string,
  secrets: readonly SecretFile[],
  { within = 30, now = new Date(), servers = true }: CheckSecretsOptions = {},
): Promise<SecretsCheck> {
  const project = await resolveRoot(root)
  const stackSecrets = collectSecrets(project, secrets)
  const run = { stackSecrets, results: new Map<string, SecretResult>(), now, project, within }
  const checked: CheckedSecret[] = []
  for (const secret of stackSecrets) checked.push(await checkSecret(secret, run))
  const answers = servers ? await tryPasswords(stackSecrets, contentsOf(stackSecrets)) : undefined
  const all = checked.map((one): CheckedSecret => {
    const message = answers?.get(one.path)
    if (message !== undefined)
      return { path: one.path, status: 'problem', message, hint: passwordHint(one) }
    return one.status === 'valid' && answers?.has(one.path) ? { ...one, tried: true } : one
  })
  return {
    secrets: all,
    ok: all.every(({ status }) => status === 'valid'),
    asked: answers !== undefined,
  }
}

const passwordHint = ({ path }: CheckedSecret): string =>
  `Put the password of the volume into ${path}, or give the server a new one: erlmcp secrets rotate ${path}`

function contentsOf(secrets: readonly StackSecret[]): ReadonlyMap<string, string> {
  const contents = new Map<string, string>()
  for (const { path, file } of secrets) {
    try {
      const content = readIfPermitted(file)
      if (content !== undefined) contents.set(path, content)
    } catch {
      // It was reported before.
    }
  }
  return contents
}

interface Check extends SecretsRun {
  readonly project: string
  readonly within: number
}

async function checkSecret(secret: StackSecret, run: Check): Promise<CheckedSecret> {
  const { path } = secret
  let certificates: readonly CertificateFacts[] | undefined
  try {
    const content = await contentOf(secret, run)
    if (isCertificatePart(secret)) {
      certificates = await readFacts(secret, content, run.now)
      await validatePart(secret, content, certificates, run)
    } else {
      const weak = findWeakness(content)
      if (weak) throw new UserError({ message: weak, hint: rotation(path) })
    }
    return { path, status: 'valid', ...(certificates && { certificates }) }
  } catch (error) {
    const location = locationOf(secret.origin)
    return {
      path,
      status: 'problem',
      ...explainFailure(error, 'checked', 'Fix that and run again.'),
      ...(location && { location }),
      ...(certificates && { certificates }),
    }
  }
}

async function contentOf(secret: StackSecret, { project }: Check): Promise<string> {
  const { path, violation } = secret
  if (violation) throw new UserError(violation)
  if (!(await isExistingSecret(secret))) {
    throw new UserError({ message: 'missing', hint: 'Run: erlmcp secrets init' })
  }
  const directory = dirname(path)
  const mode = (await lstat(join(project, directory))).mode & 0o777
  if ((mode & 0o077) !== 0) {
    throw new UserError({
      message: `directory is open to other users (mode 0${mode.toString(8)})`,
      hint: `Run \`erlmcp secrets init\`, which closes ${directory} (0700).`,
    })
  }
  const content = readIfPermitted(secret.file)
  if (content !== undefined) return content
  throw new UserError({
    message: 'this user may not read it, so its content was not checked',
    hint: 'Run the check as the owner of the file, or as root.',
  })
}

async function readFacts(
  { recipe }: CertificatePart,
  content: string,
  now: Date,
): Promise<readonly CertificateFacts[] | undefined> {
  if (recipe.part === 'key') return undefined
  const { parseCertificates } = await import('../certificate/certificate.ts')
  return parseCertificates(content).map((certificate) => certificateFacts(certificate, now))
}

async function validatePart(
  part: CertificatePart,
  content: string,
  certificates: readonly CertificateFacts[] | undefined,
  run: Check,
): Promise<void> {
  const { recipe, path } = part
  if (recipe.part === 'key') {
    const { parsePrivateKey } = await import('../certificate/certificate.ts')
    if (parsePrivateKey(content)) return
    throw new UserError({
      message: 'expected an EC or RSA private key in PEM without a passphrase',
      hint: 'Put the right key there, or remove it with its certificate to have both created.',
    })
  }
  await validateCertificate(part, run)
  for (const facts of certificates ?? []) {
    if (facts.kind !== recipe.kind) {
      throw new UserError({
        message:
          recipe.kind === 'leaf'
            ? 'expected a leaf certificate, got an authority'
            : 'expected an authority, got a leaf certificate',
        hint: `Remove ${path} and run \`erlmcp secrets init\`, which creates it from its key.`,
      })
    }
    const time = findValidityError(facts, run.now, run.within)
    if (time !== undefined) throw new UserError({ message: time, hint: rotation(path) })
  }
}

const rotation = (path: string): string => `Run: erlmcp secrets rotate ${path}`
