export { type BaseRevision, exportBase } from '../bench/base.ts'
export { recordBaseline } from '../bench/baseline.ts'
export { measurementOf } from '../bench/reader.ts'
export { execute } from '../constitution/execute.ts'
export { findConstitution } from '../constitution/find.ts'
export {
  type GuardInstalled,
  type GuardOptions,
  type GuardUninstalled,
  installGuard,
  shimFolder,
  uninstallGuard,
} from '../constitution/guard.ts'
export type { InstalledHook } from '../constitution/hooks.ts'
export { type Rewrite, rewrite, shellLine, type Variables } from '../constitution/rewrite.ts'
export { hostFileFormat } from '../constitution/scan/format.ts'
export type { HostCommand, HostFile } from '../constitution/scan/host-file.ts'
export { type Scan, type ScanOptions, scan } from '../constitution/scan/scan.ts'
export { type FoundGates, findGates, findSets, hasGates } from '../find-gates.ts'
export { replaceFile } from '../in-place.ts'
export { evidenceFolder, evidenceFolderOf } from '../paths.ts'
export { gitFacts, hashOf, imageFacts, machineFacts } from '../receipt/facts.ts'
export type {
  GitFacts,
  Hashed,
  ImageFacts,
  MachineFacts,
  Receipt,
  ReceiptFacts,
  SignedReceipt,
} from '../receipt/receipt.ts'
export { readPrivateKey, readPublicKey, type Signature } from '../receipt/signature.ts'
export {
  type Appended,
  type AppendOptions,
  appendReceipt,
  receiptFolder,
} from '../receipt/store.ts'
export {
  type ReadReceipt,
  type ReceiptProblem,
  readReceipts,
  type Verification,
  type VerifyOptions,
  verifyReceipts,
} from '../receipt/verify.ts'
export { annotations } from '../report/annotations.ts'
export { htmlReport } from '../report/html/page.ts'
export { type JsonGate, type JsonReport, jsonReport } from '../report/json.ts'
export { junitXml } from '../report/junit-xml.ts'
export { type ReportedRun, verdictOfRun } from '../report/run.ts'
export { sarif } from '../report/sarif.ts'
export { stepSummary } from '../report/step-summary.ts'
export { type TerminalOptions, terminalSummary } from '../report/terminal.ts'
export {
  type EndedGate,
  type Ending,
  type EvaluateOptions,
  evaluateGate,
  type GateResult,
} from '../verdict.ts'
export { type GatesRun, type RunGatesOptions, runGates } from './run-gates.ts'
export type { GateProgress } from './session.ts'
