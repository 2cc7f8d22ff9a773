import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import { extract, type Header } from 'tar-stream'
import type { TreeFacts } from './manifest.ts'

/** Reads the facts of a tar archive that passes through. */
export interface TarTap {
  readonly tap: Transform
  /** Complete once the stream has ended. */
  facts(): TreeFacts
}

/**
 * Reads the facts of a volume from its archive, so that both describe the same moment. The stream fails
 * for an invalid or truncated archive, and for an entry outside of its directory.
 */
export function tarTap(): TarTap {
  const digest = createHash('sha256')
  let entries = 0
  let bytes = 0
  const reader = extract()
  const refuse = createPathGuard()
  const read = async () => {
    for await (const entry of reader) {
      refuse(entry.header)
      const hash = createHash('sha256')
      for await (const chunk of entry as AsyncIterable<Buffer>) {
        bytes += chunk.length
        hash.update(chunk)
      }
      entries += 1
      digest.update(`${JSON.stringify(record(entry.header, hash.digest('hex')))}\n`)
    }
  }
  const done = read()
  // The writer gets the error.
  done.catch(() => {})
  const room = async (chunk: Buffer) => {
    if (reader.destroyed) return done
    if (reader.write(chunk)) return undefined
    const drained = new Promise<void>((resolve) => reader.once('drain', () => resolve()))
    return Promise.race([drained, done])
  }
  const tap = new Transform({
    transform(chunk: Buffer, _, pass) {
      room(chunk).then(() => pass(null, chunk), pass)
    },
    flush(pass) {
      reader.end(null)
      done.then(() => pass(), pass)
    },
  })
  return { tap, facts: () => ({ entries, bytes, digest: digest.copy().digest('hex') }) }
}

/** The properties that a restore must reproduce. Names of owners and access times depend on the machine. */
function record({ name, type, mode, uid, gid, size, linkname, mtime, pax }: Header, hash: string) {
  const extended = (pax ?? {}) as Readonly<Record<string, string>>
  const attributes = Object.entries(extended)
    .filter(([key]) => key.startsWith('SCHILY.'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const time = extended.mtime ?? String(mtime.getTime() / 1000)
  return [name, type, mode, uid, gid, size, linkname ?? null, time, attributes, hash]
}

/** Rejects entries outside of the directory: by name, or through a symbolic link. */
function createPathGuard(): (header: Header) => void {
  const links = new Set<string>()
  return ({ name, type, linkname }) => {
    const hard = type === 'link' ? (linkname ?? '') : '.'
    const steps = pathSteps(name)
    const above = steps.slice(0, -1).map((_, index) => steps.slice(0, index + 1).join('/'))
    if ([name, hard].some(isOutside) || above.some((one) => links.has(one))) {
      throw new Error(`the entry ${JSON.stringify(name)} is outside of its directory`)
    }
    // Names that are not UTF-8 are indistinguishable here; tar does not follow links itself.
    if (type === 'symlink' && !name.includes('\u{fffd}')) links.add(steps.join('/'))
  }
}

const pathSteps = (path: string): readonly string[] =>
  path.split('/').filter((step) => step !== '' && step !== '.')

const isOutside = (path: string): boolean => path.startsWith('/') || pathSteps(path).includes('..')
