import { open } from 'node:fs/promises'
import { ORIGIN, originOf, type SecretFile, type Source, UserError } from '@erlmcp/core'
import { strengthFault } from '../check/strength.ts'

/** What opens an encrypted set. */
export interface BackupKey {
  /** Where it was read. */
  readonly file: string
  readonly passphrase: string
}

/**
 * The key of encrypted backups, as a source of a stack: `erlmcp secrets init` makes its file, and no
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
    [ORIGIN]: originOf(backupKey),
  }
  return Object.freeze({ documents: () => [], secrets: () => [key] })
}

/**
 * Reads the key of a backup.
 *
 * @throws UserError when it cannot be read, is empty, or can be guessed
 */
export async function readKey(file: string): Promise<BackupKey> {
  const passphrase = (await contentOf(file)).replace(/\n+$/, '')
  const fault = passphrase === '' ? 'it is empty' : strengthFault(passphrase)
  if (fault === undefined && !passphrase.includes('\n')) return { file, passphrase }
  throw new UserError({
    what: `${file} is no key for backups: ${fault ?? 'it has more than one line'}`,
    help: 'Let `erlmcp secrets init` make one: backupKey() among the sources of the stack.',
  })
}

async function contentOf(file: string): Promise<string> {
  try {
    const handle = await open(file)
    try {
      // A key is short; a device or a dump given by mistake is not read into memory.
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0)
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw new UserError({
      what: `the key ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`,
      help: 'Make it with `erlmcp secrets init`, or name another file with --key.',
      kind: 'environment',
    })
  }
}
