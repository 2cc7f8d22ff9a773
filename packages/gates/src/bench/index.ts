export { type BaseRevision, exportBase } from './base.ts'
export { recordBaseline } from './baseline.ts'
export type { Limits, Metric } from './compare.ts'
export { type BenchCommandOptions, benchCommand, benchFiles } from './files.ts'
export { baseVariable } from './program/script.ts'
export {
  type BenchReaderOptions,
  baselineFile,
  benchReader,
  measurementOf,
  samplesFile,
} from './reader.ts'
export type { Benchmark, Failure, Machine, Measurement, Sample, Side } from './samples.ts'
