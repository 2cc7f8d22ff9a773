import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import {
  findForeignFile,
  foreignFileHint,
  locationOf,
  type SecretFile,
  UserError,
} from '@erlmcp/core'
import { describeAccess } from './access.ts'
import {
  checkKept,
  isCertificatePart,
  makePart,
  type Run,
  standsWithoutKey,
  stepOf,
} from './certificate-parts.ts'
import { closedDirectory, realRoot } from './directory.ts'
import { problemOf } from './explain-failure.ts'
import type { SecretResult, SecretsReport } from './report.ts'
import { isKept, place, syncDirectory } from './secret-file.ts'
import { type Wanted, wantedSecrets } from './stack-secrets.ts'

/** Settings of {@link initSecrets}. */
export interface InitSecretsOptions {
  /** When certificates begin, less an hour. Default: now. */
  readonly now?: Date
}

/**
 * Makes the secret files of a stack that are missing. One that exists is never changed: it is kept,
 * or reported as a problem with the way out. A secret has its owner and mode before it has a
 * content, its name when it is whole, and is nowhere printed. Two runs at once make one content.
 *
 * A path may come more than once, from several files of a stack: its readers are put together.
 * The directories of secrets are theirs alone and are closed to other users (0700).
 *
 * @param root the project directory, which the paths are relative to
 * @throws UserError when `root` is no directory, or on Windows, which has no file modes
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
      message: 'Windows has no file modes to keep secrets with',
      hint: 'Run it inside WSL, on a Linux file system.',
    })
  }
  const project = await realRoot(root)
  const wanted = wantedSecrets(project, secrets)
  const results = new Map<string, SecretResult>()
  const directories = closingDirectories(project)
  const run = { wanted, results, project, now: options.now ?? new Date() }
  for (const secret of wanted.toSorted((a, b) => stepOf(a) - stepOf(b))) {
    results.set(secret.path, await resultOf(secret, () => obtain(secret, run, directories)))
  }
  const made = [...results.values()].filter(({ status }) => status === 'made')
  for (const directory of new Set(made.map(({ path }) => dirname(path)))) {
    await syncDirectory(join(project, directory))
  }
  return {
    secrets: wanted.map(({ path }) => results.get(path)!),
    closed: directories.closed(),
    ok: [...results.values()].every(({ status }) => status !== 'problem'),
  }
}

async function obtain(
  secret: Wanted,
  run: Run & { readonly project: string },
  directories: Directories,
): Promise<SecretResult> {
  const { path } = secret
  if (secret.violation) throw new UserError(secret.violation)
  const other = findForeignFile(
    run.project,
    dirname(path),
    run.wanted.map((one) => one.path),
  )
  if (other !== undefined) {
    throw new UserError({
      message: `it is beside ${other}, in a folder that is closed to other users`,
      hint: foreignFileHint(path),
    })
  }
  await directories.close(dirname(path))
  const certificate =
    isCertificatePart(secret) && secret.recipe.part === 'key'
      ? await standsWithoutKey(secret, run)
      : undefined
  if (!(await isKept(secret))) {
    if (certificate) {
      throw new UserError({
        message: `it is missing, though its certificate ${certificate.path} exists`,
        hint: `Put the key back, or remove ${certificate.path} and run again to have both made anew.`,
      })
    }
    const access = await place(secret, await contentFor(secret, run))
    if (access) return { path, status: 'made', access: describeAccess(access, secret.readers) }
    // Another run was first.
    await isKept(secret)
  }
  if (isCertificatePart(secret)) await checkKept(secret, run)
  return { path, status: 'kept' }
}

async function contentFor(secret: Wanted, run: Run): Promise<string> {
  const { recipe } = secret
  if (recipe.kind !== 'random') return makePart({ ...secret, recipe }, run)
  return randomBytes(recipe.bytes).toString(recipe.encoding)
}

async function resultOf(
  { path, origin }: Wanted,
  work: () => Promise<SecretResult>,
): Promise<SecretResult> {
  try {
    return await work()
  } catch (error) {
    const location = locationOf(origin)
    return {
      path,
      status: 'problem',
      ...problemOf(error, 'made', 'Mend that and run again; what was made stays.'),
      ...(location && { location }),
    }
  }
}

interface Directories {
  close(directory: string): Promise<void>
  /** Those that were open. */
  closed(): string[]
}

function closingDirectories(project: string): Directories {
  const seen = new Map<string, boolean>()
  return {
    async close(directory) {
      if (seen.has(directory)) return
      seen.set(directory, await closedDirectory(project, directory))
    },
    closed: () => [...seen].filter(([, wasOpen]) => wasOpen).map(([directory]) => directory),
  }
}
