import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Evidence, EvidenceFile, Problem, Reader, Reading } from '../reading.ts'
import { type Baseline, parseBaseline, UnreadableBaseline } from './baseline.ts'
import { compare, type Limits } from './compare.ts'
import { type Measurement, readSamples, UnreadableSamples } from './samples.ts'

export interface BenchReaderOptions {
  /** How much more than the base is too much, for each metric. Default: 0.1, which is 10 %. */
  readonly limits?: Partial<Limits>
  /**
   * Whether a base revision was named. Samples of the head alone are no evidence then.
   * Default: false.
   */
  readonly base?: boolean
  /** Where the baseline is, for the counts of a run without a base. Default: `bench/baseline.json`. */
  readonly baseline?: string
  /**
   * What `no-baseline` means. `refuse`: the gate is red. `accept`: it is told. A benchmark that calls
   * what the base revision does not have is new, which is never refused. Default: `refuse`.
   */
  readonly noBaseline?: 'refuse' | 'accept'
  /** What `inconclusive` means: see `noBaseline`. Default: `accept`, as counts are judged anyway. */
  readonly inconclusive?: 'refuse' | 'accept'
}

/** Where the measuring program writes, and where baselines are, below the project. */
export const samplesFile = '_build/bench/samples.jsonl'
export const baselineFile = 'bench/baseline.json'

/**
 * Reads the samples of a bench gate, compares them, and tells regressions as problems of kind
 * `threshold`. Reductions and words are judged by their medians, time by interleaved pairs.
 *
 * @param path samples, below the project. Default: `_build/bench/samples.jsonl`
 * @example
 * const { comparisons, problems } = await benchReader().read(evidence)
 */
export function benchReader(path = samplesFile, options: BenchReaderOptions = {}): Reader {
  const baseline = options.baseline ?? baselineFile
  const limit = { reductions: 0.1, 'gc words': 0.1, time: 0.1, ...options.limits }
  const terms = {
    limits: limit,
    refuse: {
      noBaseline: options.noBaseline !== 'accept',
      inconclusive: options.inconclusive === 'refuse',
    },
  }
  return {
    name: 'benchmark samples',
    keeps: [path, baseline],
    async read(evidence) {
      const file = fileOf(evidence, path)
      if (!file) {
        return red('no-evidence', `there is no ${path}: nothing was measured`)
      }
      try {
        const measurement = await readSamples(linesOf(file))
        if (options.base && !measurement.base) {
          return red('no-evidence', `${path} has samples of the head alone, and a base was named`)
        }
        const recorded = measurement.base ? undefined : await baselineOf(evidence, baseline)
        return located(compare(measurement, recorded, terms), evidence.root)
      } catch (error) {
        if (error instanceof UnreadableSamples) return red('unreadable', `${path}: ${error.what}`)
        if (error instanceof UnreadableBaseline) {
          return red('unreadable', `${baseline}: ${error.what}`)
        }
        throw error
      }
    },
  }
}

/**
 * The samples of a file.
 *
 * @throws UnreadableSamples where they are not whole
 */
export function measurementOf(file: Pick<EvidenceFile, 'chunks'>): Promise<Measurement> {
  return readSamples(linesOf(file))
}

function fileOf({ files }: Evidence, path: string): EvidenceFile | undefined {
  return files.find((file) => file.path === path)
}

async function* linesOf(file: Pick<EvidenceFile, 'chunks'>): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of file.chunks()) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop()!
    yield* lines
  }
  if (rest !== '') yield rest
}

async function baselineOf(evidence: Evidence, path: string): Promise<Baseline | undefined> {
  const file = fileOf(evidence, path)
  return file && parseBaseline(await text(Readable.from(file.chunks())))
}

function red(kind: Problem['kind'], message: string): Reading {
  return { problems: [{ kind, message }] }
}

/** The program tells files as the compiler in the container knew them. */
function located(reading: Reading, root: string): Reading {
  const below = `${root.replace(/\/$/, '')}/`
  const problems = reading.problems.map(({ location, ...problem }) => {
    if (!location) return problem
    const { file } = location
    const short = file.startsWith(below) ? file.slice(below.length) : file
    return { ...problem, location: { ...location, file: short } }
  })
  return { ...reading, problems }
}
