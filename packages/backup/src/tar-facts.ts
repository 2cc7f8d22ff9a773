import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import { extract, type Header } from 'tar-stream'
import type { TreeFacts } from './manifest.ts'

/** Looks at a tar archive on its way, and passes it on unchanged. */
export interface TarTap {
  readonly tap: Transform
  /** Whole once the stream has ended. */
  facts(): TreeFacts
}

/**
 * Takes the facts of a volume from the archive itself, so that both are of the same moment.
 * The stream fails where the archive is no archive, is cut, or has something outside of its folder.
 */
export function tarTap(): TarTap {
  const digest = createHash('sha256')
  let entries = 0
  let bytes = 0
  const reader = extract()
  const refuse = escapes()
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
  // Who writes is told of it.
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

/** What has to be the same again. Names of owners, and times of access, are the machine's. */
function record({ name, type, mode, uid, gid, size, linkname, mtime, pax }: Header, hash: string) {
  const extended = (pax ?? {}) as Readonly<Record<string, string>>
  const attributes = Object.entries(extended)
    .filter(([key]) => key.startsWith('SCHILY.'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const time = extended.mtime ?? String(mtime.getTime() / 1000)
  return [name, type, mode, uid, gid, size, linkname ?? null, time, attributes, hash]
}

/** Throws at what leads out of the folder: by its name, or through a link that came before. */
function escapes(): (header: Header) => void {
  const links = new Set<string>()
  return ({ name, type, linkname }) => {
    const hard = type === 'link' ? (linkname ?? '') : '.'
    const steps = stepsOf(name)
    const above = steps.slice(0, -1).map((_, index) => steps.slice(0, index + 1).join('/'))
    if ([name, hard].some(isOutside) || above.some((one) => links.has(one))) {
      throw new Error(`it has ${JSON.stringify(name)}, which leads out of its folder`)
    }
    // Bytes that are no text are told apart by tar, which goes through no link either, and not here.
    if (type === 'symlink' && !name.includes('\u{fffd}')) links.add(steps.join('/'))
  }
}

const stepsOf = (path: string): readonly string[] =>
  path.split('/').filter((step) => step !== '' && step !== '.')

const isOutside = (path: string): boolean => path.startsWith('/') || stepsOf(path).includes('..')
