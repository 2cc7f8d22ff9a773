import {
  chmodSync,
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  type Stats,
} from 'node:fs'

/** One file, folder or link of a tree. */
export interface Entry {
  /** Relative to the tree, with `/`; a byte that is not UTF-8 is `\xNN`. */
  readonly name: string
  /** Absolute path as bytes, since a file name need not be UTF-8. */
  readonly path: Buffer
  readonly stat: Stats
}

/** The entry at a path and all entries below it, in byte order. Links are not followed. */
export function* entriesAt(path: string | Buffer, name = ''): Generator<Entry> {
  const bytes = Buffer.from(path as Buffer)
  const stat = lstatSync(bytes, { throwIfNoEntry: false })
  if (!stat) return
  yield { name, path: bytes, stat }
  if (!stat.isDirectory()) return
  for (const one of readdirSync(bytes, { encoding: 'buffer' }).sort(Buffer.compare)) {
    const below = Buffer.concat([bytes, slash, one])
    yield* entriesAt(below, name === '' ? displayName(one) : `${name}/${displayName(one)}`)
  }
}

const slash = Buffer.from('/')

function displayName(name: Buffer): string {
  const text = name.toString('utf8')
  if (Buffer.from(text).equals(name)) return text
  return name.toString('latin1').replace(/[^ -~]/g, (one) => {
    return `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}

/** Lets the owner read and remove a tree, whatever modes a container set. */
export function makeAccessible(folder: string): void {
  const visit = (path: Buffer): void => {
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat?.isFile()) chmodSync(path, (stat.mode & 0o777) | 0o600)
    if (!stat?.isDirectory()) return
    chmodSync(path, (stat.mode & 0o777) | 0o700)
    for (const name of readdirSync(path, { encoding: 'buffer' })) {
      visit(Buffer.concat([path, slash, name]))
    }
  }
  visit(Buffer.from(folder))
}

/** The content of a file in chunks, since a file may exceed the size of a buffer. */
export function* contentOf(path: Buffer): Generator<Buffer> {
  const file = openSync(path, 'r')
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(1 << 20)
      const length = readSync(file, chunk)
      if (length === 0) return
      yield chunk.subarray(0, length)
    }
  } finally {
    closeSync(file)
  }
}
