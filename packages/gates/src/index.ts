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
export type {
  Comparison,
  Counts,
  Coverage,
  Covered,
  Evidence,
  EvidenceFile,
  GateDiagnostic,
  GateDiagnosticKind,
  ModuleCoverage,
  Reader,
  Report,
  TestResult,
} from './evidence/report.ts'
export type { DeclaredSkips } from './evidence/skips.ts'
export { type SurefireOptions, surefire } from './evidence/surefire.ts'
export { xref } from './evidence/xref.ts'
export { type GateSpec, type GateValue, gate } from './gate.ts'
export { type Gates, type GatesOptions, gates, isGates } from './gates.ts'
export { type GatesMatrix, type OtpMatrixOptions, otpMatrix } from './otp-matrix.ts'
export { type DriftWorkflowOptions, driftWorkflow } from './workflows/drift-workflow.ts'
export { gatesWorkflow } from './workflows/gates-workflow.ts'
export type { GatesWorkflowOptions } from './workflows/gates-workflow-options.ts'
export type { ReleaseWorkflowOptions } from './workflows/release-options.ts'
export { releaseWorkflow } from './workflows/release-workflow.ts'
export type { SetupOptions } from './workflows/setup.ts'
