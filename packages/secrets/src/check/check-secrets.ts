import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Location, locationOf, type SecretFile, UserError } from '@erlmcp/core'
import {
  type CertificatePart,
  checkKept,
  isCertificatePart,
  type Run,
} from '../certificate-parts.ts'
import { realRoot } from '../directory.ts'
import { problemOf } from '../explain-failure.ts'
import { findWeakness } from '../password-strength.ts'
import type { SecretResult } from '../report.ts'
import { isKept, readable } from '../secret-file.ts'
import { type Wanted, wantedSecrets } from '../stack-secrets.ts'
import { type CertificateFacts, factsOf, timeFault } from './certificate-facts.ts'
import { tryPasswords } from './try-passwords.ts'

/** Settings of {@link checkSecrets}. */
export interface CheckSecretsOptions {
  /** Days that a certificate has to last at least. Default: 30. */
  readonly within?: number
  /** Default: now. */
  readonly now?: Date
  /** Whether passwords are tried at the servers that run and ask for them. Default: true. */
  readonly servers?: boolean
}

/** What was found of one secret file. Never its content. */
export type CheckedSecret =
  | {
      readonly path: string
      readonly status: 'good'
      /** Whether a running server was asked, and takes it. */
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

/** What {@link checkSecrets} found. */
export interface SecretsCheck {
  /** One for each path, in the order they were first given. */
  readonly secrets: readonly CheckedSecret[]
  /** Whether all are good. */
  readonly ok: boolean
  /** Whether running servers were asked. They are not where no engine answers. */
  readonly asked: boolean
}

/**
 * Looks at every secret file of a stack, and changes nothing: it is there, its readers can read it
 * and nobody else, its directory is closed, it cannot be guessed; certificates fit their key, their
 * authority and their names, and last a while yet.
 *
 * @param root the project directory, which the paths are relative to
 * @throws UserError when `root` is no directory
 * @example
 * const { ok, secrets } = await checkSecrets('.', synthesis.secrets, { within: 14 })
 */
export async function checkSecrets(
  root: string,
  secrets: readonly SecretFile[],
  { within = 30, now = new Date(), servers = true }: CheckSecretsOptions = {},
): Promise<SecretsCheck> {
  const project = await realRoot(root)
  const wanted = wantedSecrets(project, secrets)
  const run = { wanted, results: new Map<string, SecretResult>(), now, project, within }
  const checked: CheckedSecret[] = []
  for (const secret of wanted) checked.push(await look(secret, run))
  const answers = servers ? await tryPasswords(wanted, await contentsOf(wanted)) : undefined
  const all = checked.map((one): CheckedSecret => {
    const message = answers?.get(one.path)
    if (message !== undefined)
      return { path: one.path, status: 'problem', message, hint: wayOut(one) }
    return one.status === 'good' && answers?.has(one.path) ? { ...one, tried: true } : one
  })
  return {
    secrets: all,
    ok: all.every(({ status }) => status === 'good'),
    asked: answers !== undefined,
  }
}

const wayOut = ({ path }: CheckedSecret): string =>
  `Put the password that its volume was made with into ${path}, or have the server take a new one: erlmcp secrets rotate ${path}`

async function contentsOf(secrets: readonly Wanted[]): Promise<ReadonlyMap<string, string>> {
  const contents = new Map<string, string>()
  for (const { path, file } of secrets) {
    // Whatever cannot be read was told before.
    const content = await readable(file).catch(() => undefined)
    if (content !== undefined) contents.set(path, content)
  }
  return contents
}

interface Check extends Run {
  readonly project: string
  readonly within: number
}

async function look(secret: Wanted, run: Check): Promise<CheckedSecret> {
  const { path } = secret
  let certificates: readonly CertificateFacts[] | undefined
  try {
    const content = await contentOf(secret, run)
    if (isCertificatePart(secret)) {
      certificates = await factsIn(secret, content, run.now)
      await judgePart(secret, content, certificates, run)
    } else {
      const weak = findWeakness(content)
      if (weak) throw new UserError({ message: weak, hint: rotation(path) })
    }
    return { path, status: 'good', ...(certificates && { certificates }) }
  } catch (error) {
    const location = locationOf(secret.origin)
    return {
      path,
      status: 'problem',
      ...problemOf(error, 'looked at', 'Mend that and run again.'),
      ...(location && { location }),
      ...(certificates && { certificates }),
    }
  }
}

async function contentOf(secret: Wanted, { project }: Check): Promise<string> {
  const { path, violation } = secret
  if (violation) throw new UserError(violation)
  if (!(await isKept(secret))) {
    throw new UserError({ message: 'it is missing', hint: 'Run: erlmcp secrets init' })
  }
  const directory = dirname(path)
  const mode = (await lstat(join(project, directory))).mode & 0o777
  if ((mode & 0o077) !== 0) {
    throw new UserError({
      message: `its directory is open to others (mode 0${mode.toString(8)})`,
      hint: `Run \`erlmcp secrets init\`, which closes ${directory} (0700).`,
    })
  }
  const content = await readable(secret.file)
  if (content !== undefined) return content
  throw new UserError({
    message: 'this user may not read it, so its content is not checked',
    hint: 'Run the check as the owner of the file or as root.',
  })
}

async function factsIn(
  { recipe }: CertificatePart,
  content: string,
  now: Date,
): Promise<readonly CertificateFacts[] | undefined> {
  if (recipe.part === 'key') return undefined
  const { parseCertificates } = await import('../certificate.ts')
  return parseCertificates(content).map((certificate) => factsOf(certificate, now))
}

async function judgePart(
  part: CertificatePart,
  content: string,
  certificates: readonly CertificateFacts[] | undefined,
  run: Check,
): Promise<void> {
  const { recipe, path } = part
  if (recipe.part === 'key') {
    const { parsePrivateKey } = await import('../certificate.ts')
    if (parsePrivateKey(content)) return
    throw new UserError({
      message: 'it is no private key in PEM, without a passphrase, of kind EC or RSA',
      hint: 'Put the right key there, or remove it with its certificate to have both made.',
    })
  }
  await checkKept(part, run)
  for (const facts of certificates ?? []) {
    if (facts.kind !== recipe.kind) {
      throw new UserError({
        message: recipe.kind === 'leaf' ? 'it is an authority' : 'it is no authority',
        hint: `Remove ${path} and run \`erlmcp secrets init\`: it is made from its key.`,
      })
    }
    const time = timeFault(facts, run.now, run.within)
    if (time !== undefined) throw new UserError({ message: time, hint: rotation(path) })
  }
}

const rotation = (path: string): string => `Run: erlmcp secrets rotate ${path}`
