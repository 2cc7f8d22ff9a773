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
  /** Allowed increase over the base, for each metric. Default: 0.1, which is 10 %. */
  readonly limits?: Partial<Limits>
  /**
   * Whether a base revision was given: then the samples must have it. Default: false.
   */
  readonly base?: boolean
  /** File of the baseline, for a run without a base revision. Default: `bench/baseline.json`. */
  readonly baseline?: string
  /**
   * Whether the verdict `no-baseline` fails the gate. A benchmark that calls functions which the base
   * revision lacks is new, and always accepted. Default: `fail`.
   */
  readonly noBaseline?: 'fail' | 'accept'
  /** Whether the verdict `inconclusive` fails the gate. Default: `accept`: counts are judged anyway. */
  readonly inconclusive?: 'fail' | 'accept'
}

/** The samples of the gate, relative to the project. */
export const samplesFile = '_build/bench/samples.jsonl'
/** The default baseline, relative to the project. */
export const baselineFile = 'bench/baseline.json'

/**
 * Reads the samples of a bench gate and compares them. A regression is a diagnostic of kind
 * `threshold`. Reductions and words are compared by median, time by interleaved pairs.
 *
 * @param path samples, relative to the project. Default: `_build/bench/samples.jsonl`
 * @example
 * const { comparisons, diagnostics } = await benchReader().read(evidence)
 */
export function benchReader(path = samplesFile, options: BenchReaderOptions = {}): Reader {
  const baseline = options.baseline ?? baselineFile
  const terms = {
    limits: { reductions: 0.1, 'gc words': 0.1, time: 0.1, ...options.limits },
    fails: {
      noBaseline: options.noBaseline !== 'accept',
      inconclusive: options.inconclusive === 'fail',
    },
  }
  return reader('benchmarks', [path, baseline], async (evidence) => {
    const file = fileOf(evidence, path)
    if (!file) throw new ReportMissingError(`missing ${path}: the benchmarks did not run`)
    const measurement = await inFile(file, () => measurementOf(file))
    if (options.base && !measurement.base) {
      throw new ReportMissingError(`${path} has no samples of the base revision`)
    }
    const recorded = measurement.base ? undefined : await baselineOf(evidence, baseline)
    return located(compare(measurement, recorded, terms), evidence.root)
  })
}

/**
 * The samples of a file, for `recordBaseline`.
 *
 * @throws UserError when they are invalid or incomplete
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

/** Maps the paths of the container to those of the repository. */
function located(report: Report, root: string): Report {
  const diagnostics = report.diagnostics.map(({ location, ...diagnostic }) => {
    const file = location && repositoryPath(location.file, root)
    return file === undefined ? diagnostic : { ...diagnostic, location: { ...location, file } }
  })
  return { ...report, diagnostics }
}
