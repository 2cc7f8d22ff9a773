import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Told what is being done. */
export interface Progress {
  step(message: string): void
  /** Passes a stream on, and says every few seconds how much has gone by. */
  watch(message: string, content: Readable): Readable
}

const every = 5000

export function progressTo(tell: (message: string) => void): Progress {
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
