import { randomBytes } from 'node:crypto'
import { rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ignoreMissing, unfinishedName } from '../directory.ts'
import { place, readable, syncDirectory } from '../place.ts'
import { previousFile } from '../previous.ts'
import type { Wanted } from '../wanted.ts'

/**
 * Keeps a content that is about to be replaced, with the readers of the secret: what it encrypted
 * is still to be read. To do it again does no harm.
 */
export async function keepPrevious(secret: Wanted, old: string): Promise<void> {
  const file = previousFile(secret.file)
  const line = old.replace(/\n+$/, '')
  const kept = ((await readable(file).catch(ignoreMissing)) ?? '').split('\n').filter(Boolean)
  if (kept.includes(line)) return
  const beside = join(dirname(file), unfinishedName(randomBytes(8).toString('hex')))
  const target = { file: beside, path: previousFile(secret.path), readers: secret.readers }
  await place(target, `${[line, ...kept].join('\n')}\n`)
  await rename(beside, file)
  await syncDirectory(dirname(file))
}
