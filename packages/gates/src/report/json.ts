import type { GateResult } from '../verdict.ts'
import { type ReportedRun, verdictOfRun } from './run.ts'

/** A run as JSON. `version` increases with every incompatible change. */
export interface JsonReport extends Omit<ReportedRun, 'started' | 'gates'> {
  readonly format: 'erlmcp-gates'
  readonly version: 1
  readonly verdict: 'passed' | 'failed'
  /** ISO 8601, in UTC. */
  readonly started: string
  readonly gates: readonly JsonGate[]
}

export interface JsonGate extends Omit<GateResult, 'started'> {
  readonly started: string
}

/** The whole run for programs, except for what readers leave out. */
export function jsonReport(run: ReportedRun): string {
  const { project, revision, image, engine, otp, seconds } = run
  const report: JsonReport = {
    format: 'erlmcp-gates',
    version: 1,
    project,
    ...(revision !== undefined && { revision }),
    ...(image !== undefined && { image }),
    ...(engine !== undefined && { engine }),
    ...(otp !== undefined && { otp }),
    started: new Date(run.started).toISOString(),
    seconds,
    verdict: verdictOfRun(run),
    gates: run.gates.map((gate) => ({ ...gate, started: new Date(gate.started).toISOString() })),
  }
  return `${JSON.stringify(report, null, 2)}\n`
}
