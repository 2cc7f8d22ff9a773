import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/**
 * Overwrites a file in place, with one write. Owner, mode and inode are unchanged, so the file is never
 * exposed, and containers, which mount the inode, see the new content. A shorter content is padded
 * with newlines, which readers of secrets ignore: truncating would be a second step.
 */
export async function overwriteFile(file: string, content: string): Promise<void> {
  const reading = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const { size, mode } = await reading.stat()
    const bytes = Buffer.from(content)
    const filled = Buffer.alloc(Math.max(bytes.length, size), '\n')
    bytes.copy(filled)
    const writing = await openForWriting(file, reading, mode & 0o777)
    try {
      await writing.write(filled, 0, filled.length, 0)
      await writing.sync()
    } finally {
      await writing.close()
    }
  } finally {
    await reading.close()
  }
}

/** A user other than root needs write permission meanwhile; group and others are unchanged. */
async function openForWriting(
  file: string,
  reading: FileHandle,
  mode: number,
): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_NOFOLLOW
  try {
    return await open(file, flags)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
  }
  await reading.chmod(mode | 0o200)
  try {
    return await open(file, flags)
  } finally {
    await reading.chmod(mode)
  }
}
