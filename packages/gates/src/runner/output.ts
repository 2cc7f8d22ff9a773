/** Splits the end mark off a stream. */
export interface Output {
  add(chunk: Buffer): void
  /** Passes on what is held back. */
  close(): void
  /** Bytes so far, without the mark. */
  readonly bytes: number
  /** Whether the mark arrived, and so all output before it. */
  readonly whole: boolean
}

/**
 * Passes on the output of a gate, without the mark at its end.
 *
 * @param mark a text that occurs nowhere else in the output
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
      // A chunk may end within the mark.
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
