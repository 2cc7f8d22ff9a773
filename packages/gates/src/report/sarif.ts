import { sarifLog, sarifResult, sarifText } from '@erlmcp/core'
import type { GateDiagnostic } from '../evidence/report.ts'
import type { GateResult } from '../verdict.ts'
import type { ReportedRun } from './run.ts'

/** Descriptions of the kinds, as code scanning shows them. */
const meanings: Readonly<Record<GateDiagnostic['kind'], string>> = {
  failure: 'An assertion of a test failed',
  error: 'A test crashed, or the code does not compile',
  timeout: 'A test or the gate exceeded its timeout',
  skip: 'A test was skipped without a declaration',
  warning: 'The compiler, dialyzer or xref warns',
  threshold: 'A number is outside its limit',
  'report-missing': 'A report of the gate is missing',
  'report-invalid': 'A report of the gate is invalid',
  exit: 'The command failed',
  killed: 'The gate was killed',
  'not-run': 'A gate that this one needs did not pass',
}

/**
 * A run as a SARIF 2.1.0 log. Diagnostics with a location are results. GitHub rejects results without
 * one, so the others are notifications of the invocation.
 */
export function sarif({ gates, revision, seconds, started }: ReportedRun): object {
  const all = gates.flatMap((gate) => gate.diagnostics.map((diagnostic) => ({ gate, diagnostic })))
  const rules = new Map(
    all.map(({ gate, diagnostic }) => [ruleOf(gate, diagnostic), diagnostic.kind]),
  )
  const notifications = all
    .filter(({ diagnostic }) => !diagnostic.location)
    .map(({ gate, diagnostic }) => ({
      associatedRule: { id: ruleOf(gate, diagnostic) },
      level: 'error',
      message: sarifText(messageOf(gate, diagnostic)),
    }))
  return sarifLog({
    tool: 'erlmcp gates',
    rules: [...rules].map(([id, kind]) => ({
      id,
      shortDescription: { text: `${meanings[kind]}.` },
      defaultConfiguration: { level: 'error' },
    })),
    automationDetails: { id: 'erlmcp-gates/' },
    ...(revision && { properties: { revision } }),
    invocations: [
      {
        // Whether the gates could be evaluated; their verdicts are the results.
        executionSuccessful: true,
        startTimeUtc: new Date(started).toISOString(),
        endTimeUtc: new Date(started + Math.max(0, seconds) * 1000).toISOString(),
        toolExecutionNotifications: notifications,
      },
    ],
    results: all.flatMap(({ gate, diagnostic }) => {
      const { location } = diagnostic
      if (!location) return []
      return sarifResult(ruleOf(gate, diagnostic), 'error', messageOf(gate, diagnostic), location)
    }),
  })
}

function ruleOf({ name }: GateResult, { kind }: GateDiagnostic): string {
  return `${name}/${kind}`
}

function messageOf({ name }: GateResult, { message }: GateDiagnostic): string {
  return `${name}: ${message}`
}
