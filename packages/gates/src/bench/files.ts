import { type Document, type TextFile, textFile } from '@erlmcp/core'
import type { Limits } from './compare.ts'
import { benchProgram } from './program/program.ts'
import { benchScript } from './program/script.ts'

/** Where the generated files of a bench gate are, below the project. */
const folder = 'docker/gates'

/**
 * The generated files of a bench gate, for a stack: the command, and the program that measures.
 *
 * @example
 * export default stack('app', [{ documents: () => benchFiles() }])
 */
export function benchFiles(): readonly Document<TextFile>[] {
  return [
    textFile(`${folder}/bench`, benchScript(), { comment: '#', mode: 0o755 }),
    textFile(`${folder}/erlmcp_bench.escript`, benchProgram(), { comment: '%%', mode: 0o755 }),
  ]
}

export interface BenchCommandOptions {
  /** Interleaved pairs of samples. Fewer than 30 are too few for the clock. Default: 30. */
  readonly pairs?: number
  /** How long the clock runs for one sample, in milliseconds. Default: 10. */
  readonly sampleMs?: number
  /** As the reader has them: what is slower than the limit of time is measured once more. */
  readonly limits?: Partial<Limits>
}

/**
 * What a bench gate runs in its container.
 *
 * @example
 * benchCommand({ pairs: 50 }) // ['docker/gates/bench', '--pairs', '50']
 */
export function benchCommand(options: BenchCommandOptions = {}): [string, ...string[]] {
  const { pairs, sampleMs, limits } = options
  return [
    `${folder}/bench`,
    ...(pairs === undefined ? [] : ['--pairs', String(pairs)]),
    ...(sampleMs === undefined ? [] : ['--sample-ms', String(sampleMs)]),
    ...(limits?.time === undefined ? [] : ['--threshold', limits.time.toFixed(4)]),
  ]
}
