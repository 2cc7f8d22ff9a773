import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { posix, resolve } from 'node:path'
import type { Artifact } from './artifact.ts'
import { ORIGIN } from './origin.ts'
import type { SecretFile } from './secret.ts'
import { UserError } from './user-error.ts'

/**
 * Rejects a secret beside files that are not secrets: its folder is closed to other users (0700),
 * and git ignores all that is in it.
 *
 * @param root the project's folder, whose files count too; without it only artifacts do
 * @throws UserError which names one of those files
 */
export function validateSecretFolders(
  artifacts: readonly Pick<Artifact, 'path'>[],
  secrets: readonly SecretFile[],
  root: string | undefined,
): void {
  const known = new Set(secrets.map(({ path }) => path))
  const others = new Map<string, string | undefined>()
  for (const secret of secrets) {
    const folder = posix.dirname(secret.path)
    if (folder === '.') {
      throw wrongFolder(
        secret,
        'in the folder of the project itself, which would be closed to other users and ignored by git',
      )
    }
    if (!others.has(folder)) {
      const made = artifacts.find(
        ({ path }) => path.startsWith(`${folder}/`) && posix.basename(path) !== '.gitignore',
      )
      others.set(folder, made?.path ?? (root && otherFile(root, folder, known)))
    }
    const other = others.get(folder)
    if (other === undefined) continue
    throw wrongFolder(
      secret,
      `beside ${other}, in a folder that is closed to other users and ignored by git`,
    )
  }
}

function wrongFolder(secret: SecretFile, where: string): UserError {
  return new UserError({
    what: `the secret ${secret.path} would lie ${where}`,
    help: `Give it a folder for secrets alone, as secrets/${posix.basename(secret.path)}.`,
    origin: secret[ORIGIN],
  })
}

/** A file on the disk that closing the folder would take from its owner. */
function otherFile(root: string, folder: string, known: ReadonlySet<string>): string | undefined {
  if (ignoresAll(resolve(root, folder, '.gitignore'))) return undefined
  for (const entry of entriesOf(resolve(root, folder))) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      const inside = otherFile(root, path, known)
      if (inside !== undefined) return inside
    } else if (!known.has(path) && !isHarmless(folder, entry.name)) return path
  }
  return undefined
}

/** Whether the folder was given to secrets before. */
function ignoresAll(file: string): boolean {
  try {
    return /^\*\s*$/m.test(readFileSync(file, 'utf8'))
  } catch {
    return false
  }
}

// Secrets made by other means often lie in a folder of that name already.
const secretLike =
  /^[^.]+$|\.(txt|pem|crt|cer|cert|key|csr|p12|pfx|pass|password|secret|token|env)$/i

function isHarmless(folder: string, name: string): boolean {
  if (/^(\.gitignore|\.gitkeep|\.keep|\.gitattributes|readme(\.\w+)?)$/i.test(name)) return true
  return posix.basename(folder).toLowerCase() === 'secrets' && secretLike.test(name)
}

/** What cannot be looked at does not stop a synth: only `secrets init` needs the folder. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
