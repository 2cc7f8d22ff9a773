export type {
  Comparison,
  Counts,
  Coverage,
  Covered,
  Evidence,
  EvidenceFile,
  Problem,
  ProblemKind,
  Reader,
  Reading,
  TestResult,
} from './reading.ts'
