import { journalDraft, UserError } from '@erlmcp/core'
import { lstatIfExists } from '../file/directory.ts'
import { previousFile } from '../file/previous-file.ts'
import { readIfPermitted, replaceSecretFile } from '../file/secret-file.ts'
import type { StackSecret } from '../stack-secrets.ts'
import { journalFile } from './rotation-journal.ts'

/**
 * Reads the previous contents of a secret, the newest first.
 *
 * @throws UserError where this user may not read them: data that they have encrypted would be lost
 */
export async function previousContents({ file, path }: StackSecret): Promise<readonly string[]> {
  if ((await lstatIfExists(previousFile(file))) === undefined) return []
  const text = readIfPermitted(previousFile(file))
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
  const target = { file, path: previousFile(secret.path), readers: secret.readers }
  const content = `${[line, ...kept].join('\n')}\n`
  // A draft of the journal: `--done` removes it where the run was killed.
  await replaceSecretFile(target, content, journalDraft(journalFile(file)))
}
