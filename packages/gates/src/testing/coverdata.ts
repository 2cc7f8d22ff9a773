import { deflateSync } from 'node:zlib'

type Value = string | number | { readonly tuple: readonly Value[] } | readonly Value[]

/** A term in Erlang's external format. A text is an atom. */
export function encode(value: Value, compressed = false): Buffer {
  const body = bytes(value)
  if (!compressed) return Buffer.concat([Buffer.from([131]), body])
  const head = Buffer.from([131, 80, 0, 0, 0, 0])
  head.writeUInt32BE(body.length, 2)
  return Buffer.concat([head, deflateSync(body)])
}

function bytes(value: Value): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value)
    return Buffer.concat([Buffer.from([119, text.length]), text])
  }
  if (typeof value === 'number') {
    const number = Buffer.from([98, 0, 0, 0, 0])
    number.writeInt32BE(value, 1)
    return number
  }
  if ('tuple' in value) {
    return Buffer.concat([Buffer.from([104, value.tuple.length]), ...value.tuple.map(bytes)])
  }
  const count = Buffer.from([108, 0, 0, 0, 0])
  count.writeUInt32BE(value.length, 1)
  return value.length === 0
    ? Buffer.from([106])
    : Buffer.concat([count, ...value.map(bytes), Buffer.from([106])])
}

/** How `cover:export` writes a record. */
export function record(value: Value, compressed = false): Buffer {
  const term = encode(value, compressed)
  if (term.length <= 255) return Buffer.concat([Buffer.from([term.length]), term])
  const size = encode({ tuple: ['$size', term.length] })
  return Buffer.concat([Buffer.from([size.length]), size, term])
}

/** An export of one module: how often each line was run. */
export function coverdata(module: string, runs: readonly number[]): Buffer {
  const bump = (line: number) => ({ tuple: ['bump', module, 'f', 1, 1, line] })
  return Buffer.concat([
    record({ tuple: ['file', module, `/workspace/_build/test/lib/demo/ebin/${module}.beam`] }),
    ...runs.map((count, at) => record({ tuple: [bump(at + 1), count] })),
  ])
}
