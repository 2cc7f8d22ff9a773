import { closeSync, fstatSync, readSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { IrregularFileError, openRegularFile } from '@erlmcp/core'

/**
 * Reads a small file, or a pipe.
 *
 * @param limit bytes; at most one more is read
 * @param seconds how long to wait for the writer of a pipe
 * @throws IrregularFileError for a device, socket or directory, and for a pipe without a writer
 */
export async function readSmall(path: string, limit: number, seconds = 10): Promise<Buffer> {
  const file = openRegularFile(path, { pipes: true })
  try {
    const isPipe = fstatSync(file).isFIFO()
    const content = Buffer.alloc(limit + 1)
    const deadline = Date.now() + seconds * 1000
    let length = 0
    while (length < content.length) {
      const count = readSome(file, content, length)
      // A pipe reads as empty until its writer has opened it.
      if (count === 0 && (length > 0 || !isPipe)) break
      length += count ?? 0
      if (count) continue
      if (Date.now() > deadline)
        throw new IrregularFileError(`no data in the pipe within ${seconds} s`)
      await sleep(20)
    }
    return content.subarray(0, length)
  } finally {
    closeSync(file)
  }
}

/** Returns the number of bytes, or `undefined` where none are available yet. */
function readSome(file: number, into: Buffer, at: number): number | undefined {
  try {
    return readSync(file, into, at, into.length - at, null)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined
    throw error
  }
}
