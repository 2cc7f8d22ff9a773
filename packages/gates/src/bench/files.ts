import { type Document, type TextFile, textFile } from '@erlmcp/core'
import type { Limits } from './compare.ts'
import { benchProgram } from './program/program.ts'
import { benchScript } from './program/script.ts'

/** The folder of the generated files, relative to the project. */
const folder = 'docker/gates'

/**
 * The generated files of a bench gate: the command, and the measuring program.
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
  /** Interleaved pairs of samples. With fewer than 30, time is inconclusive. Default: 30. */
  readonly pairs?: number
  /** Duration of one sample, in milliseconds. Default: 10. */
  readonly sampleMs?: number
  /** The limits of the reader: a benchmark that exceeds the limit of time is measured again. */
  readonly limits?: Partial<Limits>
}

/**
 * The command of a bench gate.
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
