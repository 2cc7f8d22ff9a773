import { type Dirent, lstatSync, readdirSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { Artifact } from '../document/artifact.ts'
import { ORIGIN } from '../document/origin.ts'
import { readRegularFile } from '../file/regular-file.ts'
import { UserError } from '../user-error.ts'
import type { SecretFile } from './secret.ts'

/**
 * Rejects a secret beside other files: its folder is closed to other users (0700) and ignored by git.
 *
 * @param root the project's folder, to check its files as well as the artifacts
 * @throws UserError which names one of those files
 */
export function validateSecretFolders(
  artifacts: readonly Pick<Artifact, 'path'>[],
  secrets: readonly SecretFile[],
  root: string | undefined,
): void {
  const paths = secrets.map(({ path }) => path)
  for (const secret of secrets) {
    const folder = posix.dirname(secret.path)
    if (folder === '.') {
      throw wrongFolder(
        secret,
        'in the folder of the project, which would be closed to other users and ignored by git',
      )
    }
    const other = madeIn(folder, artifacts) ?? fileOnDisk(root, folder, paths)
    if (other === undefined) continue
    throw wrongFolder(
      secret,
      `beside ${other}, in a folder that is closed to other users and ignored by git`,
    )
  }
}

function wrongFolder(secret: SecretFile, where: string): UserError {
  return new UserError({
    message: `the secret ${secret.path} is ${where}`,
    hint: foreignFileHint(secret.path),
    origin: secret[ORIGIN],
  })
}

function madeIn(folder: string, artifacts: readonly Pick<Artifact, 'path'>[]): string | undefined {
  const isForeign = ({ path }: Pick<Artifact, 'path'>) =>
    path.startsWith(`${folder}/`) && posix.basename(path) !== '.gitignore'
  return artifacts.find(isForeign)?.path
}

function fileOnDisk(
  root: string | undefined,
  folder: string,
  secrets: readonly string[],
): string | undefined {
  if (root === undefined || ignoresAll(join(root, folder, '.gitignore'))) return undefined
  return findForeignFile(root, folder, secrets)
}

/** Whether the folder already is one of secrets. */
function ignoresAll(file: string): boolean {
  try {
    return /^\*\s*$/m.test(readRegularFile(file) ?? '')
  } catch {
    return false
  }
}

/**
 * Other names in a folder of secrets: files of the operator, without an extension or with one of these.
 */
const belongs =
  /^(\.[^.]+|README.*|[^.]+|.+\.(age|asc|bak|cer|crt|csr|env|gpg|jks|key|old|p12|password|pem|pfx|previous|pub|secret|srl|token|txt))$/i

/** Sources whose names have no extension. */
const sources = /^(Dockerfile|Makefile|Procfile|Vagrantfile|Justfile|LICENSE)$/i

/**
 * A file in the folder of a secret that is not a secret. A folder that is closed already (0700) has
 * only secrets.
 *
 * @param folder relative to `root`
 * @param secrets paths of all secrets, relative to `root`
 * @returns its path relative to `root`
 */
export function findForeignFile(
  root: string,
  folder: string,
  secrets: readonly string[],
): string | undefined {
  const own = new Set(secrets.flatMap((path) => [path, `${path}.previous`]))
  const foreign = openEntries(join(root, folder)).find((entry) => {
    const path = posix.join(folder, entry.name)
    if (own.has(path) || secrets.some((one) => one.startsWith(`${path}/`))) return false
    return entry.isDirectory() || sources.test(entry.name) || !belongs.test(entry.name)
  })
  return foreign && posix.join(folder, foreign.name)
}

function openEntries(folder: string): readonly Dirent[] {
  try {
    const stats = lstatSync(folder)
    if (!stats.isDirectory() || (stats.mode & 0o777) === 0o700) return []
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}

/** The hint of a diagnostic about a file of {@link findForeignFile}. */
export function foreignFileHint(path: string): string {
  const folder = posix.dirname(path)
  const more =
    folder === '.' ? '' : ` If ${folder} has only secrets, close it: chmod 700 ${folder}.`
  return `Put the secret into a folder of secrets, as secrets/${posix.basename(path)}.${more}`
}
