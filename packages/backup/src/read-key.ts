import { isUtf8 } from 'node:buffer'
import { UserError } from '@erlmcp/core'
import { findCharacterWeakness, findWeakness, previousFile } from '@erlmcp/secrets'
import { NotAFile, readSmall } from './regular-file.ts'

/** What opens an encrypted set. */
export interface BackupKey {
  /** Where it was read. */
  readonly file: string
  /** Seals new sets. */
  readonly passphrase: string
  /** Passphrases that it replaced, the newest first: they open the sets of before. */
  readonly previous?: readonly string[]
}

// A dump that was given by mistake is not read into memory.
const longest = 4096

/**
 * Reads the key of a backup, and beside it `<file>.previous`, where `erlmcp secrets rotate` keeps
 * the keys of earlier sets.
 *
 * @throws UserError when it cannot be read, is empty, is not one line of text, or has too few characters
 */
export async function readKey(file: string): Promise<BackupKey> {
  const bytes = await contentOf(file)
  const passphrase = bytes.toString().replace(/[\r\n]+$/, '')
  const violation = faultOf(bytes, passphrase)
  if (violation !== undefined) throw invalidKey(file, violation)
  const previous = await previousKeys(file)
  return { file, passphrase, ...(previous.length > 0 && { previous }) }
}

/**
 * Refuses to seal with words that can be guessed: whoever copies the set has all the time to try. A
 * set that was sealed with such a key can still be opened.
 */
export function refuseWeakKey({ file, passphrase }: BackupKey): void {
  const violation = findWeakness(passphrase)
  if (violation !== undefined) throw invalidKey(file, violation)
}

function invalidKey(file: string, violation: string): UserError {
  return new UserError({
    message: `${file} is no key for backups: ${violation}`,
    hint: 'Let `erlmcp secrets init` make one: backupKey() among the sources of the stack.',
  })
}

function faultOf(bytes: Buffer, passphrase: string): string | undefined {
  if (bytes.length > longest) return `it has more than ${longest} bytes`
  // Different bytes would be one character, and no other program could open the set.
  if (!isUtf8(bytes)) return 'it is no text'
  if (passphrase === '') return 'it is empty'
  return /[\r\n]/.test(passphrase) ? 'it has more than one line' : findCharacterWeakness(passphrase)
}

async function previousKeys(file: string): Promise<readonly string[]> {
  try {
    const text = (await readSmall(previousFile(file), 1024 * 1024)).toString()
    return text.split('\n').filter((line) => line !== '')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Beside a pipe of the shell there is nothing.
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw unreadable(previousFile(file), error)
  }
}

async function contentOf(file: string): Promise<Buffer> {
  try {
    return await readSmall(file, longest)
  } catch (error) {
    throw unreadable(file, error)
  }
}

function unreadable(file: string, error: unknown): UserError {
  const reason = error instanceof NotAFile ? error.message : (error as NodeJS.ErrnoException).code
  return new UserError({
    message: `the key ${file} cannot be read: ${reason}`,
    hint: 'Make it with `erlmcp secrets init`, or name another file with --key.',
    kind: 'environment',
  })
}
