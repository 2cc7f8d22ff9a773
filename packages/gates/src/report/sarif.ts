import { sarifLog, sarifResult, sarifText } from '@erlmcp/core'
import type { GateDiagnostic } from '../evidence/report.ts'
import type { GateResult } from '../verdict.ts'
import type { ReportedRun } from './run.ts'

/** What each kind of problem means, as code scanning shows it. */
const meanings: Readonly<Record<GateDiagnostic['kind'], string>> = {
  failure: 'A test asserted something that does not hold',
  error: 'A test crashed, or the code does not compile',
  timeout: 'It took longer than it may',
  skip: 'A test did not run, and nobody has said that it may be skipped',
  warning: 'The compiler, dialyzer or xref warns',
  threshold: 'A number is on the wrong side of its limit',
  'no-evidence': 'What should prove that the gate ran is not there',
  unreadable: 'What should prove that the gate ran cannot be read',
  exit: 'The command ended with another exit code than 0',
  killed: 'Something else ended the gate',
  'not-run': 'A gate that this one needs is not green',
}

/**
 * A run as a SARIF 2.1.0 log. Problems with a place are results; GitHub rejects a log whose results
 * have none, so the others are notifications of the invocation.
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
