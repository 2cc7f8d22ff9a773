import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import {
  findForeignFile,
  foreignFileHint,
  locationOf,
  type SecretFile,
  syncFolder,
  UserError,
} from '@erlmcp/core'
import {
  createPart,
  creationStep,
  findCertificateWithoutKey,
  isCertificatePart,
  type SecretsRun,
  validateCertificate,
} from './certificate/certificate-parts.ts'
import { explainFailure } from './explain-failure.ts'
import { describeAccess } from './file/access.ts'
import { prepareDirectory, resolveRoot } from './file/directory.ts'
import { createSecretFile, isExistingSecret } from './file/secret-file.ts'
import type { SecretResult, SecretsReport } from './report.ts'
import { collectSecrets, type StackSecret } from './stack-secrets.ts'

/** Options of {@link initSecrets}. */
export interface InitSecretsOptions {
  /** Certificates are valid from an hour before. Default: now. */
  readonly now?: Date
}

/**
 * Creates the missing secret files of a stack. An existing file is never changed: it is kept, or
 * reported as a problem with a hint. A secret gets its owner and mode before its content, and its
 * name when it is complete; its content is never printed. Concurrent runs create one content.
 *
 * A path may be listed more than once, by several files of a stack: the readers are merged.
 * Directories of secrets hold nothing else and are closed to other users (0700).
 *
 * @param root the project directory; paths are relative to it
 * @throws UserError where `root` is not a directory, and on Windows, which has no file modes
 * @example
 * const report = await initSecrets('.', [
 *   {
 *     path: 'secrets/erlang-cookie',
 *     recipe: { kind: 'random', bytes: 32, encoding: 'hex' },
 *     readers: [1000],
 *   },
 * ])
 */
export async function initSecrets(
  root: string,
  secrets: readonly SecretFile[],
  options: InitSecretsOptions = {},
): Promise<SecretsReport> {
  if (process.platform === 'win32') {
    throw new UserError({
      message: 'cannot protect secrets on Windows, which has no file modes',
      hint: 'Run it inside WSL, on a Linux file system.',
    })
  }
  const project = await resolveRoot(root)
  const stackSecrets = collectSecrets(project, secrets)
  const results = new Map<string, SecretResult>()
  const directories = trackDirectories(project)
  const run = { stackSecrets, results, project, now: options.now ?? new Date() }
  for (const secret of stackSecrets.toSorted((a, b) => creationStep(a) - creationStep(b))) {
    results.set(
      secret.path,
      await createResult(secret, () => createSecret(secret, run, directories)),
    )
  }
  const created = [...results.values()].filter(({ status }) => status === 'created')
  for (const directory of new Set(created.map(({ path }) => dirname(path)))) {
    syncFolder(join(project, directory))
  }
  return {
    secrets: stackSecrets.map(({ path }) => results.get(path)!),
    closed: directories.closed(),
    ok: [...results.values()].every(({ status }) => status !== 'problem'),
  }
}

async function createSecret(
  secret: StackSecret,
  run: SecretsRun & { readonly project: string },
  directories: Directories,
): Promise<SecretResult> {
  const { path } = secret
  if (secret.violation) throw new UserError(secret.violation)
  const other = findForeignFile(
    run.project,
    dirname(path),
    run.stackSecrets.map((one) => one.path),
  )
  if (other !== undefined) {
    throw new UserError({
      message: `its directory also has ${other}, and would be closed to other users`,
      hint: foreignFileHint(path),
    })
  }
  await directories.close(dirname(path))
  const certificate =
    isCertificatePart(secret) && secret.recipe.part === 'key'
      ? await findCertificateWithoutKey(secret, run)
      : undefined
  if (!(await isExistingSecret(secret))) {
    if (certificate) {
      throw new UserError({
        message: `missing, although its certificate ${certificate.path} exists`,
        hint: `Put the key back, or remove ${certificate.path} and run again to create both.`,
      })
    }
    const access = await createSecretFile(secret, await createContent(secret, run))
    if (access) return { path, status: 'created', access: describeAccess(access, secret.readers) }
    // A concurrent run was first.
    await isExistingSecret(secret)
  }
  if (isCertificatePart(secret)) await validateCertificate(secret, run)
  return { path, status: 'kept' }
}

async function createContent(secret: StackSecret, run: SecretsRun): Promise<string> {
  const { recipe } = secret
  if (recipe.kind !== 'random') return createPart({ ...secret, recipe }, run)
  return randomBytes(recipe.bytes).toString(recipe.encoding)
}

async function createResult(
  { path, origin }: StackSecret,
  work: () => Promise<SecretResult>,
): Promise<SecretResult> {
  try {
    return await work()
  } catch (error) {
    const location = locationOf(origin)
    return {
      path,
      status: 'problem',
      ...explainFailure(
        error,
        'created',
        'Fix that and run again. Secrets that were created are kept.',
      ),
      ...(location && { location }),
    }
  }
}

interface Directories {
  close(directory: string): Promise<void>
  /** Directories that were open to other users. */
  closed(): string[]
}

function trackDirectories(project: string): Directories {
  const seen = new Map<string, boolean>()
  return {
    async close(directory) {
      if (seen.has(directory)) return
      seen.set(directory, await prepareDirectory(project, directory))
    },
    closed: () => [...seen].filter(([, wasOpen]) => wasOpen).map(([directory]) => directory),
  }
}
