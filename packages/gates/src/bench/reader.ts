import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { reader } from '../evidence/reader.ts'
import type { Evidence, EvidenceFile, Reader, Report } from '../evidence/report.ts'
import { inFile, ReportMissingError } from '../evidence/report-errors.ts'

import { repositoryPath } from '../evidence/source-location.ts'
import { linesOf } from '../evidence/text.ts'
import { type Baseline, parseBaseline } from './baseline.ts'
import { compare, type Limits } from './compare.ts'
import { type Measurement, readSamples } from './samples.ts'

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
  const terms = {
    limits: { reductions: 0.1, 'gc words': 0.1, time: 0.1, ...options.limits },
    refuse: {
      noBaseline: options.noBaseline !== 'accept',
      inconclusive: options.inconclusive === 'refuse',
    },
  }
  return reader('benchmarks', [path, baseline], async (evidence) => {
    const file = fileOf(evidence, path)
    if (!file) throw new ReportMissingError(`there is no ${path}: nothing was measured`)
    const measurement = await inFile(file, () => measurementOf(file))
    if (options.base && !measurement.base) {
      throw new ReportMissingError(
        `${path} has samples of the head alone, and a base revision was named`,
      )
    }
    const recorded = measurement.base ? undefined : await baselineOf(evidence, baseline)
    return located(compare(measurement, recorded, terms), evidence.root)
  })
}

/**
 * The samples of a file, for `recordBaseline`.
 *
 * @throws UserError where they are not whole
 * @example
 * const measurement = await measurementOf({ path, chunks: () => [readFileSync(path)] })
 */
export function measurementOf(file: EvidenceFile): Promise<Measurement> {
  return readSamples(linesOf(file))
}

function fileOf({ files }: Evidence, path: string): EvidenceFile | undefined {
  return files.find((file) => file.path === path)
}

async function baselineOf(evidence: Evidence, path: string): Promise<Baseline | undefined> {
  const file = fileOf(evidence, path)
  return file && inFile(file, async () => parseBaseline(await text(Readable.from(file.chunks()))))
}

/** The program tells files as the compiler in the container knew them. */
function located(report: Report, root: string): Report {
  const diagnostics = report.diagnostics.map(({ location, ...diagnostic }) => {
    const file = location && repositoryPath(location.file, root)
    return file === undefined ? diagnostic : { ...diagnostic, location: { ...location, file } }
  })
  return { ...report, diagnostics }
}
