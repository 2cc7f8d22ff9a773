import { constants, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeFileKind } from '@erlmcp/core'

/** What is at the path is not what a program can read to its end. */
export class NotAFile extends Error {}

/**
 * Opens a regular file. Anything else, such as a named pipe that blocks whoever opens it or a
 * device that never ends, is closed again.
 *
 * @throws NotAFile for a pipe, device, socket or directory
 */
export async function openRegular(path: string): Promise<FileHandle> {
  const { handle, stats } = await openAny(path)
  if (stats.isFile()) return handle
  await handle.close()
  throw new NotAFile(`expected a regular file, got ${describeFileKind(stats)}`)
}

/**
 * Reads a small file, or what a writer puts into a pipe.
 *
 * @param limit bytes; no more than one above it is read
 * @param seconds how long a pipe may be silent
 * @throws NotAFile for a device, socket or directory, and for a pipe without a writer
 */
export async function readSmall(path: string, limit: number, seconds = 10): Promise<Buffer> {
  const { handle, stats } = await openAny(path)
  try {
    // A read of a directory says so by itself.
    if (!stats.isFile() && !stats.isFIFO() && !stats.isDirectory()) {
      throw new NotAFile(`expected a regular file or a pipe, got ${describeFileKind(stats)}`)
    }
    const content = Buffer.alloc(limit + 1)
    let length = 0
    const deadline = Date.now() + seconds * 1000
    while (length < content.length) {
      const count = await readSome(handle, content, length)
      length += count ?? 0
      // At its end, or not begun: a pipe has no writer before it is opened at the other end.
      if (count === 0 && (length > 0 || stats.isFile())) break
      if (count === undefined || count === 0) {
        if (Date.now() > deadline) {
          throw new NotAFile(`nothing was written into the pipe for ${seconds} seconds`)
        }
        await sleep(20)
      }
    }
    return content.subarray(0, length)
  } finally {
    await handle.close()
  }
}

/** How many bytes came, or undefined where none are there yet. */
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
      throw new NotAFile('expected a regular file, got a socket or device')
    throw error
  })
  try {
    return { handle, stats: await handle.stat() }
  } catch (error) {
    await handle.close()
    throw error
  }
}
