import {
  type Diagnostic,
  ignoreFiles,
  locationOf,
  ORIGIN,
  originOf,
  type SecretFile,
  type Source,
} from '@erlmcp/core'
import { findWeakness } from '@erlmcp/secrets'

/**
 * The key of encrypted backups, as a source of a stack: `erlmcp secrets init` creates its file. No
 * container reads it.
 *
 * @param path of the file. Default: `secrets/backup-key`
 * @example
 * export default stack('shop', [backupKey(), compose('compose.yaml', [app])])
 */
export function backupKey(path = 'secrets/backup-key'): Source {
  const key: SecretFile = {
    path,
    recipe: { kind: 'random', bytes: 32, encoding: 'hex' },
    readers: [],
    atRest: true,
    [ORIGIN]: originOf(backupKey),
  }
  return Object.freeze({
    documents: () => ignoreFiles([key]),
    secrets: () => [key],
    diagnostics: ({ read = () => undefined }) => findWeakKey(key, read),
  } satisfies Source)
}

/** Checks a passphrase that the user has written, where this user may read it. */
function findWeakKey(key: SecretFile, read: (path: string) => string | undefined): Diagnostic[] {
  const content = contentIn(key.path, read)
  const violation = content === undefined ? undefined : findWeakness(content)
  if (violation === undefined) return []
  const location = locationOf(key[ORIGIN])
  return [
    {
      rule: 'backup/key-weak',
      kind: 'insecure',
      severity: 'warning',
      message: `${key.path}, the key of backups, is ${violation}`,
      hint: `Remove ${key.path} once no set needs it, and run: erlmcp secrets init`,
      file: location?.file ?? key.path,
      ...(location && { line: location.line, column: location.column }),
      document: key.path,
      path: [],
    },
  ]
}

function contentIn(path: string, read: (path: string) => string | undefined): string | undefined {
  try {
    return read(path)
  } catch {
    // `erlmcp secrets check` reports it.
    return undefined
  }
}
