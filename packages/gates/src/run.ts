export { type FoundGates, findGates, findSets, hasGates } from './find-gates.ts'
export { evidenceFolder, evidenceFolderOf } from './paths.ts'
export { annotations } from './report/annotations.ts'
export { htmlReport } from './report/html/page.ts'
export { type JsonGate, type JsonReport, jsonReport } from './report/json.ts'
export { junitXml } from './report/junit-xml.ts'
export { type ReportedRun, verdictOfRun } from './report/run.ts'
export { sarif } from './report/sarif.ts'
export { stepSummary } from './report/step-summary.ts'
export { type TerminalOptions, terminalSummary } from './report/terminal.ts'
export { type GatesRun, type RunGatesOptions, runGates } from './runner/run-gates.ts'
export type { GateProgress } from './runner/session.ts'
export {
  type EndedGate,
  type Ending,
  type EvaluateOptions,
  evaluateGate,
  type GateResult,
} from './verdict.ts'
