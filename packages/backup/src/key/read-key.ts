import { isUtf8 } from 'node:buffer'
import { IrregularFileError, UserError } from '@erlmcp/core'
import { findCharacterWeakness, findWeakness, previousFile } from '@erlmcp/secrets'
import { readSmall } from './read-small.ts'

/** The key of an encrypted set. */
export interface BackupKey {
  /** File of the key. */
  readonly file: string
  /** Encrypts new sets. */
  readonly passphrase: string
  /** Previous passphrases, the newest first: they decrypt older sets. */
  readonly previous?: readonly string[]
}

// A wrong file, such as a dump, is not read into memory.
const longest = 4096

/**
 * Reads the key of a backup, and `<file>.previous`, where `erlmcp secrets rotate` keeps the keys of
 * older sets.
 *
 * @throws UserError where it cannot be read, is empty, is not one line of text, or has too few characters
 */
export async function readKey(file: string): Promise<BackupKey> {
  const bytes = await contentOf(file)
  const passphrase = bytes.toString().replace(/[\r\n]+$/, '')
  const violation = findKeyError(bytes, passphrase)
  if (violation !== undefined) throw invalidKey(file, violation)
  const previous = await previousKeys(file)
  return { file, passphrase, ...(previous.length > 0 && { previous }) }
}

/**
 * Validates the key of a new set: an attacker with a copy of the set has unlimited time to guess. A weak
 * key still decrypts an existing set.
 */
export function validateKeyStrength({ file, passphrase }: BackupKey): void {
  const violation = findWeakness(passphrase)
  if (violation !== undefined) throw invalidKey(file, violation)
}

function invalidKey(file: string, violation: string): UserError {
  return new UserError({
    message: `${file}: invalid backup key: ${violation}`,
    hint: 'Add backupKey() to the sources of the stack, and run `erlmcp secrets init`.',
  })
}

function findKeyError(bytes: Buffer, passphrase: string): string | undefined {
  if (bytes.length > longest) return `more than ${longest} bytes`
  // Decoding would lose bytes, so that no other program could decrypt the set.
  if (!isUtf8(bytes)) return 'not UTF-8'
  if (passphrase === '') return 'empty'
  return /[\r\n]/.test(passphrase) ? 'more than one line' : findCharacterWeakness(passphrase)
}

async function previousKeys(file: string): Promise<readonly string[]> {
  try {
    const text = (await readSmall(previousFile(file), 1024 * 1024)).toString()
    return text.split('\n').filter((line) => line !== '')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // A pipe of the shell has no such neighbour.
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw unreadableKey(previousFile(file), error)
  }
}

async function contentOf(file: string): Promise<Buffer> {
  try {
    return await readSmall(file, longest)
  } catch (error) {
    throw unreadableKey(file, error)
  }
}

function unreadableKey(file: string, error: unknown): UserError {
  const reason =
    error instanceof IrregularFileError ? error.message : (error as NodeJS.ErrnoException).code
  return new UserError({
    message: `cannot read the key ${file}: ${reason}`,
    hint: 'Create it with `erlmcp secrets init`, or name another file with --key.',
    kind: 'environment',
  })
}
