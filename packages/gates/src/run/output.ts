/** What a gate prints, as it comes. */
export interface Output {
  add(chunk: Buffer): void
  /** Hands over what was held back. */
  close(): void
  /** Bytes so far, without the mark. */
  readonly bytes: number
  /** Whether the mark has come: nothing before it is missing, since a stream has no gaps. */
  readonly whole: boolean
}

/**
 * Hands on what a gate prints, without the mark at its end.
 *
 * @param mark what nothing else in the output can be
 */
export function outputUntil(mark: string, on: (chunk: Buffer) => void): Output {
  let held: Buffer = Buffer.alloc(0)
  let bytes = 0
  let whole = false
  const pass = (chunk: Buffer) => {
    if (chunk.length === 0) return
    bytes += chunk.length
    on(chunk)
  }
  return {
    add(chunk) {
      const all = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
      const at = whole ? -1 : all.indexOf(mark)
      // The beginning of a mark may be the end of a chunk.
      const rest = at >= 0 ? at + mark.length : all.length - (whole ? 0 : mark.length - 1)
      pass(all.subarray(0, at >= 0 ? at : Math.max(0, rest)))
      held = all.subarray(Math.max(0, rest))
      whole ||= at >= 0
    },
    close() {
      pass(held)
      held = Buffer.alloc(0)
    },
    get bytes() {
      return bytes
    },
    get whole() {
      return whole
    },
  }
}
