import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/**
 * Gives a file a new content with one write, in place: owner, mode and inode stay, so nothing is
 * ever open, and containers, which mounted this inode, see it. A shorter content is filled up with
 * line ends, which readers of secrets drop: to cut the file would be a second step.
 */
export async function overwrite(file: string, content: string): Promise<void> {
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

/** Who is not root must be allowed to write by the mode; what others may do stays as it is. */
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
