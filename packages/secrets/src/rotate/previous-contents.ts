import { rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '@erlmcp/core'
import { lstatIfExists } from '../file/directory.ts'
import { previousFile } from '../file/previous-file.ts'
import { createSecretFile, readIfPermitted, syncDirectory } from '../file/secret-file.ts'
import type { StackSecret } from '../stack-secrets.ts'
import { temporaryName } from './rotation-journal.ts'

/**
 * Reads the previous contents of a secret, the newest first.
 *
 * @throws UserError where this user may not read them: data that they have encrypted would be lost
 */
export async function previousContents({ file, path }: StackSecret): Promise<readonly string[]> {
  if ((await lstatIfExists(previousFile(file))) === undefined) return []
  const text = await readIfPermitted(previousFile(file))
  if (text !== undefined) return text.split('\n').filter(Boolean)
  throw new UserError({
    message: `${previousFile(path)}, the previous contents, may not be read by this user`,
    hint: 'Run the command as the owner of that file, or as root.',
  })
}

/**
 * Saves a content that is going to be replaced, for the readers of the secret: it still decrypts data.
 * It can be repeated.
 */
export async function savePrevious(secret: StackSecret, old: string): Promise<void> {
  const file = previousFile(secret.file)
  const line = old.replace(/\n+$/, '')
  const kept = await previousContents(secret)
  if (kept.includes(line)) return
  const beside = temporaryName(file)
  const target = { file: beside, path: previousFile(secret.path), readers: secret.readers }
  await createSecretFile(target, `${[line, ...kept].join('\n')}\n`, temporaryName(file))
  await rename(beside, file)
  await syncDirectory(dirname(file))
}
