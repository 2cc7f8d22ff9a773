import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Reports what is being done. */
export interface Progress {
  step(message: string): void
  /** Passes a stream on, and reports every few seconds how much of it. */
  watch(message: string, content: Readable): Readable
}

const every = 5000

export function createProgress(tell: (message: string) => void): Progress {
  return {
    step: tell,
    watch(message, content) {
      tell(message)
      let bytes = 0
      let told = Date.now()
      const through = new Transform({
        transform(chunk: Buffer, _, pass) {
          bytes += chunk.length
          if (Date.now() - told >= every) {
            told = Date.now()
            tell(`${message}: ${Math.round(bytes / 1e6)} MB`)
          }
          pass(null, chunk)
        },
      })
      pipeline(content, through).catch(() => {})
      return through
    },
  }
}
