import {
  chmodSync,
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  type Stats,
} from 'node:fs'

/** What is at a path of a tree. */
export interface Entry {
  /** For people and reports: a byte that is no UTF-8 is `\xNN`. With `/`, below the tree. */
  readonly name: string
  /** As the system has it: names of files are bytes. */
  readonly path: Buffer
  readonly stat: Stats
}

/** The entry at a path, and below it all others, in the order of their bytes. Links are not followed. */
export function* entriesAt(path: string | Buffer, name = ''): Generator<Entry> {
  const bytes = Buffer.from(path as Buffer)
  const stat = lstatSync(bytes, { throwIfNoEntry: false })
  if (!stat) return
  yield { name, path: bytes, stat }
  if (!stat.isDirectory()) return
  for (const one of readdirSync(bytes, { encoding: 'buffer' }).sort(Buffer.compare)) {
    const below = Buffer.concat([bytes, slash, one])
    yield* entriesAt(below, name === '' ? readable(one) : `${name}/${readable(one)}`)
  }
}

const slash = Buffer.from('/')

function readable(name: Buffer): string {
  const text = name.toString('utf8')
  if (Buffer.from(text).equals(name)) return text
  return name.toString('latin1').replace(/[^ -~]/g, (one) => {
    return `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}

/** Lets its owner read a tree and remove it, whatever modes a container gave to its parts. */
export function openUp(folder: string): void {
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

/** The content of a file in pieces: it may be longer than a string or a buffer can be. */
export function* contentOf(path: Buffer): Generator<Buffer> {
  const file = openSync(path, 'r')
  try {
    for (;;) {
      const piece = Buffer.allocUnsafe(1 << 20)
      const length = readSync(file, piece)
      if (length === 0) return
      yield piece.subarray(0, length)
    }
  } finally {
    closeSync(file)
  }
}
