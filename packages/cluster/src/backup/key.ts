import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
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

// A device or a dump that was given by mistake is not read into memory.
const longest = 4096

/**
 * Reads the key of a backup.
 *
 * @throws UserError when it cannot be read, is empty, or can be guessed
 */
export async function readKey(file: string): Promise<BackupKey> {
  const bytes = await contentOf(file)
  const passphrase = bytes.toString().replace(/[\r\n]+$/, '')
  const fault = faultOf(bytes, passphrase)
  if (fault === undefined) return { file, passphrase }
  throw new UserError({
    what: `${file} is no key for backups: ${fault}`,
    help: 'Let `erlmcp secrets init` make one: backupKey() among the sources of the stack.',
  })
}

function faultOf(bytes: Buffer, passphrase: string): string | undefined {
  if (bytes.length > longest) return `it has more than ${longest} bytes`
  // Different bytes would be one character, and no other program could open the set.
  if (!isUtf8(bytes)) return 'it is no text'
  if (passphrase === '') return 'it is empty'
  return /[\r\n]/.test(passphrase) ? 'it has more than one line' : strengthFault(passphrase)
}

async function contentOf(file: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of createReadStream(file, { end: longest })) chunks.push(chunk)
  } catch (error) {
    throw new UserError({
      what: `the key ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`,
      help: 'Make it with `erlmcp secrets init`, or name another file with --key.',
      kind: 'environment',
    })
  }
  return Buffer.concat(chunks)
}
