export { type BaseRevision, exportBase } from './bench/base.ts'
export { recordBaseline } from './bench/baseline.ts'
export type { Limits, Metric } from './bench/compare.ts'
export { type BenchCommandOptions, benchCommand, benchFiles } from './bench/files.ts'
export { baseVariable } from './bench/program/script.ts'
export {
  type BenchReaderOptions,
  baselineFile,
  benchReader,
  measurementOf,
  samplesFile,
} from './bench/reader.ts'
export type { Benchmark, Failure, Machine, Measurement, Sample, Side } from './bench/samples.ts'
export {
  type Constitution,
  type ConstitutionOptions,
  constitution,
  constitutionFile,
  constitutionPath,
  containerEnvironment,
  parseConstitution,
  type Row,
} from './constitution/constitution.ts'
export { execute } from './constitution/execute.ts'
export { findConstitution } from './constitution/find.ts'
export {
  type GuardInstalled,
  type GuardOptions,
  type GuardUninstalled,
  installGuard,
  shimFolder,
  uninstallGuard,
} from './constitution/guard.ts'
export type { InstalledHook } from './constitution/hooks.ts'
export { type Rewrite, rewrite, shellLine, type Variables } from './constitution/rewrite.ts'
export { hostFileFormat } from './constitution/scan/format.ts'
export type { HostCommand, HostFile } from './constitution/scan/host-file.ts'
export { type Scan, type ScanOptions, scan } from './constitution/scan/scan.ts'
export { type ContainerMarkers, containerMarkers } from './constitution/shims.ts'
export {
  type ErlangGateName,
  type ErlangGates,
  type ErlangGatesOptions,
  erlangGates,
} from './erlang-gates.ts'
export { type CommonTestOptions, commonTest } from './evidence/common-test.ts'
export { type CompilerOptions, compilerOutput } from './evidence/compiler-output.ts'
export { type CoverOptions, cover } from './evidence/cover.ts'
export { dialyzer } from './evidence/dialyzer.ts'
export type { DeclaredSkips } from './evidence/skips.ts'
export { type SurefireOptions, surefire } from './evidence/surefire.ts'
export { tailOf } from './evidence/tail.ts'
export { xref } from './evidence/xref.ts'
export { type Found, findGates } from './find.ts'
export { type GateSpec, type GateValue, gate } from './gate.ts'
export { type Gates, type GatesOptions, gates, isGates } from './gates.ts'
export type {
  Comparison,
  Counts,
  Coverage,
  Covered,
  Evidence,
  EvidenceFile,
  ModuleCoverage,
  Problem,
  ProblemKind,
  Reader,
  Reading,
  TestResult,
} from './reading.ts'
export { gitFacts, hashOf, imageFacts, machineFacts } from './receipt/facts.ts'
export type {
  GitFacts,
  Hashed,
  ImageFacts,
  MachineFacts,
  Receipt,
  ReceiptFacts,
  SignedReceipt,
} from './receipt/receipt.ts'
export { readPrivateKey, readPublicKey, type Signature } from './receipt/signature.ts'
export {
  type Appended,
  type AppendOptions,
  appendReceipt,
  receiptFolder,
} from './receipt/store.ts'
export {
  type ReadReceipt,
  type ReceiptProblem,
  readReceipts,
  type Verification,
  type VerifyOptions,
  verifyReceipts,
} from './receipt/verify.ts'
export { annotations } from './report/annotations.ts'
export { htmlReport } from './report/html/page.ts'
export { type JsonGate, type JsonReport, jsonReport } from './report/json.ts'
export { junitXml } from './report/junit-xml.ts'
export { type ReportedRun, verdictOfRun } from './report/run.ts'
export { sarif } from './report/sarif.ts'
export { stepSummary } from './report/step-summary.ts'
export { type TerminalOptions, terminalSummary } from './report/terminal.ts'
export { type GatesRun, type RunGatesOptions, runGates } from './run/run-gates.ts'
export { evidenceFolder, type GateProgress } from './run/session.ts'
export {
  type EndedGate,
  type Ending,
  type GateResult,
  type VerdictOptions,
  verdictOf,
} from './verdict.ts'
export { type DriftWorkflowOptions, driftWorkflow } from './workflows/drift-workflow.ts'
export { type GatesWorkflowOptions, gatesWorkflow } from './workflows/gates-workflow.ts'
export { type ReleaseWorkflowOptions, releaseWorkflow } from './workflows/release-workflow.ts'
export type { SetupOptions } from './workflows/setup.ts'
