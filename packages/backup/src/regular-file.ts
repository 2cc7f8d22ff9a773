import { constants, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeFileKind } from '@erlmcp/core'

/** A path is not a file that can be read to its end. */
export class IrregularFileError extends Error {}

/**
 * Opens a regular file. Opening anything else could block, as a pipe, or never end, as a device.
 *
 * @throws IrregularFileError for a pipe, device, socket or directory
 */
export async function openRegular(path: string): Promise<FileHandle> {
  const { handle, stats } = await openAny(path)
  if (stats.isFile()) return handle
  await handle.close()
  throw new IrregularFileError(`expected a regular file, got ${describeFileKind(stats)}`)
}

/**
 * Reads a small file, or a pipe.
 *
 * @param limit bytes; at most one more is read
 * @param seconds how long to wait for the writer of a pipe
 * @throws IrregularFileError for a device, socket or directory, and for a pipe without a writer
 */
export async function readSmall(path: string, limit: number, seconds = 10): Promise<Buffer> {
  const { handle, stats } = await openAny(path)
  try {
    // Reading a directory fails by itself.
    if (!stats.isFile() && !stats.isFIFO() && !stats.isDirectory()) {
      throw new IrregularFileError(
        `expected a regular file or a pipe, got ${describeFileKind(stats)}`,
      )
    }
    const content = Buffer.alloc(limit + 1)
    let length = 0
    const deadline = Date.now() + seconds * 1000
    while (length < content.length) {
      const count = await readSome(handle, content, length)
      length += count ?? 0
      // A pipe reads as empty until its writer has opened it.
      if (count === 0 && (length > 0 || stats.isFile())) break
      if (count === undefined || count === 0) {
        if (Date.now() > deadline) {
          throw new IrregularFileError(`no data in the pipe within ${seconds} s`)
        }
        await sleep(20)
      }
    }
    return content.subarray(0, length)
  } finally {
    await handle.close()
  }
}

/** Returns the number of bytes, or `undefined` where none are available yet. */
async function readSome(handle: FileHandle, into: Buffer, at: number): Promise<number | undefined> {
  try {
    return (await handle.read(into, at, into.length - at)).bytesRead
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined
    throw error
  }
}

async function openAny(path: string): Promise<{ handle: FileHandle; stats: Stats }> {
  // Without O_NONBLOCK the open itself waits for the other end of a pipe.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY
  const handle = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENXIO')
      throw new IrregularFileError('expected a regular file, got a socket or device')
    throw error
  })
  try {
    return { handle, stats: await handle.stat() }
  } catch (error) {
    await handle.close()
    throw error
  }
}
