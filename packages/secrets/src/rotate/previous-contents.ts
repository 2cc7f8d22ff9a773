import { rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserError } from '@erlmcp/core'
import { lstatOrMissing } from '../directory.ts'
import { previousFile } from '../previous-file.ts'
import { place, readable, syncDirectory } from '../secret-file.ts'
import type { Wanted } from '../stack-secrets.ts'
import { unfinishedRotation } from './rotation-journal.ts'

/**
 * The contents that a secret had before, the newest first.
 *
 * @throws UserError when they cannot be read: what they encrypted would be lost with them
 */
export async function previousContents({ file, path }: Wanted): Promise<readonly string[]> {
  if ((await lstatOrMissing(previousFile(file))) === undefined) return []
  const text = await readable(previousFile(file))
  if (text !== undefined) return text.split('\n').filter(Boolean)
  throw new UserError({
    message: `${previousFile(path)}, which has the contents of before, may not be read by this user`,
    hint: 'Run it as the owner of that file or as root.',
  })
}

/**
 * Keeps a content that is about to be replaced, with the readers of the secret: what it encrypted
 * is still to be read. To do it again does no harm.
 */
export async function keepPrevious(secret: Wanted, old: string): Promise<void> {
  const file = previousFile(secret.file)
  const line = old.replace(/\n+$/, '')
  const kept = await previousContents(secret)
  if (kept.includes(line)) return
  const beside = unfinishedRotation(file)
  const target = { file: beside, path: previousFile(secret.path), readers: secret.readers }
  await place(target, `${[line, ...kept].join('\n')}\n`, unfinishedRotation(file))
  await rename(beside, file)
  await syncDirectory(dirname(file))
}
