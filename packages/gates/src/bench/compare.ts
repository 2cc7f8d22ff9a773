import type { Comparison, GateDiagnostic, Report } from '../evidence/report.ts'
import { type Baseline, type Counted, kindOf } from './baseline.ts'
import { type Judgement, judgeCount, judgeTime, type Pairs } from './judge.ts'
import type { Benchmark, Failure, Measurement, Sample, Side } from './samples.ts'

/** A metric of a benchmark. */
export type Metric = 'reductions' | 'gc words' | 'time'

/** The allowed increase of each metric: 0.1 is 10 %. */
export type Limits = Readonly<Record<Metric, number>>

export interface Terms {
  readonly limits: Limits
  /** The verdicts, besides `regression`, that fail the gate. */
  readonly fails: { readonly noBaseline: boolean; readonly inconclusive: boolean }
}

const units: Readonly<Record<Metric, string>> = {
  reductions: 'reductions',
  'gc words': 'words',
  time: 'ns',
}
const metrics = Object.keys(units) as Metric[]

/**
 * Compares a measurement with the base revision in it, or else with the baseline. Without both, the
 * gate fails unless `noBaseline` is accepted.
 */
export function compare(
  measurement: Measurement,
  baseline: Baseline | undefined,
  terms: Terms,
): Report {
  const recorded = baseline?.get(kindOf(measurement.machine))
  const reports = measurement.benchmarks.map((benchmark) => {
    if (failuresOf(benchmark, 'head').length > 0) return { diagnostics: failed(benchmark, 'head') }
    if (measurement.base) return againstBase(benchmark, terms)
    return againstBaseline(benchmark, recorded?.get(benchmark.name), terms)
  })
  const general = measurement.base ? [] : diagnoseBaseline(measurement, baseline, terms)
  const comparisons = reports.flatMap((one) => one.comparisons ?? [])
  return { diagnostics: [...general, ...reports.flatMap((one) => one.diagnostics)], comparisons }
}

function againstBase(benchmark: Benchmark, terms: Terms): Report {
  const failures = failuresOf(benchmark, 'base')
  if (failures.length > 0) {
    const isNew = failures.every((failure) => failure.undefined)
    const reason = isNew
      ? `new: the base revision lacks a function that it calls (${failures[0]!.error})`
      : `it failed on the base revision: ${failures[0]!.error}`
    const diagnostics = isNew || !terms.fails.noBaseline ? [] : failed(benchmark, 'base')
    return { diagnostics, comparisons: withoutBaseline(benchmark, metrics, reason) }
  }
  const rounds = roundsOf(benchmark)
  const times = rounds.map((round) => round.time)
  const { limits } = terms
  return judged(benchmark, terms, [
    ...judgedCounts(rounds[0]!, limits),
    ['time', times[0]!, judgeTime(times, limits.time)],
  ])
}

function againstBaseline(
  benchmark: Benchmark,
  recorded: Counted | undefined,
  terms: Terms,
): Report {
  const time = withoutBaseline(benchmark, ['time'], 'time is compared with a base revision only')
  if (!recorded) {
    const counts = withoutBaseline(benchmark, ['reductions', 'gc words'], 'not recorded')
    return { diagnostics: [], comparisons: [...counts, ...time] }
  }
  const [round] = roundsOf(benchmark)
  const against = {
    reductions: { head: round!.reductions.head, base: [recorded.reductions] },
    'gc words': { head: round!['gc words'].head, base: [recorded.words] },
  }
  const counts = judged(benchmark, terms, judgedCounts(against, terms.limits))
  return { ...counts, comparisons: [...counts.comparisons!, ...time] }
}

type Judged = readonly [Metric, Pairs, Judgement]

function judgedCounts(
  measured: Readonly<Record<'reductions' | 'gc words', Pairs>>,
  limits: Limits,
): Judged[] {
  return (['reductions', 'gc words'] as const).map((metric) => [
    metric,
    measured[metric],
    judgeCount(measured[metric], limits[metric], units[metric]),
  ])
}

/** The benchmarks that the baseline or the measurement lacks. */
function diagnoseBaseline(
  { machine, benchmarks }: Measurement,
  baseline: Baseline | undefined,
  { fails }: Terms,
): GateDiagnostic[] {
  if (!fails.noBaseline) return []
  const hint =
    'name a base revision (`erlmcp gate run --base origin/main`), or record a baseline (`erlmcp bench record`)'
  if (!baseline) return [missing(`no base revision and no baseline to compare with: ${hint}`)]
  const recorded = baseline.get(kindOf(machine))
  if (!recorded) return [missing(`the baseline lacks ${kindOf(machine)}: ${hint}`)]
  const names = new Set(benchmarks.map(({ name }) => name))
  return [
    ...benchmarks
      .filter(({ name }) => !recorded.has(name))
      .map(({ name, file }) => missing(`${name}: not in the baseline: ${hint}`, file)),
    ...[...recorded.keys()]
      .filter((name) => !names.has(name))
      .map((name) => missing(`${name}: in the baseline, but the benchmark no longer exists`)),
  ]
}

function missing(message: string, file?: string): GateDiagnostic {
  return { kind: 'report-missing', message, ...(file !== undefined && { location: { file } }) }
}

function judged({ name, file }: Benchmark, { fails }: Terms, all: readonly Judged[]): Report {
  const comparisons = all.map(
    ([metric, { head, base }, judgement]): Comparison => ({
      benchmark: name,
      metric,
      unit: units[metric],
      head,
      base,
      ...judgement,
    }),
  )
  const isFailure = ({ verdict }: Comparison) =>
    verdict === 'regression' || (verdict === 'inconclusive' && fails.inconclusive)
  const diagnostics = comparisons.filter(isFailure).map(
    ({ metric, verdict, reason }): GateDiagnostic => ({
      kind: 'threshold',
      message: `${name}: ${metric}: ${verdict === 'inconclusive' ? 'inconclusive: ' : ''}${reason}`,
      location: { file },
    }),
  )
  return { diagnostics, comparisons }
}

function withoutBaseline(
  benchmark: Benchmark,
  of: readonly Metric[],
  reason: string,
): Comparison[] {
  const [round] = roundsOf(benchmark)
  return of.map((metric) => ({
    benchmark: benchmark.name,
    metric,
    unit: units[metric],
    verdict: 'no-baseline',
    head: round![metric].head,
    base: [],
    reason,
  }))
}

/** The rounds as columns. The values of a pair have the same index. */
function roundsOf({ samples }: Benchmark): Readonly<Record<Metric, Pairs>>[] {
  const inOrder = [...samples].sort((a, b) => a.pair - b.pair)
  return [...new Set(samples.map(({ round }) => round))].sort().map((round) => {
    const side = (wanted: Side) =>
      inOrder.filter((one) => one.round === round && one.side === wanted)
    const [head, base] = [side('head'), side('base')]
    const column = (value: (sample: Sample) => number) => ({
      head: head.map(value),
      base: base.map(value),
    })
    return {
      reductions: column(({ reductions }) => reductions),
      'gc words': column(({ words }) => words),
      time: column(({ time }) => time),
    }
  })
}

function failuresOf({ failures }: Benchmark, side: Side): readonly Failure[] {
  return failures.filter((failure) => failure.side === side)
}

function failed(benchmark: Benchmark, side: Side): GateDiagnostic[] {
  const where = side === 'base' ? ' on the base revision, so it cannot be compared' : ''
  return failuresOf(benchmark, side).map(({ error, location }) => ({
    kind: 'error',
    message: `${benchmark.name}: it failed${where}: ${error}`,
    // Lines of the base revision do not match the work tree.
    location: (side === 'head' && location) || { file: benchmark.file },
  }))
}
