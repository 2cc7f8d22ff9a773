import type { Problem } from '../reading.ts'
import type { GateResult } from '../verdict.ts'
import type { ReportedRun } from './run.ts'
import { visible } from './visible.ts'

/** What each kind of problem means, as code scanning shows it. */
const meanings: Readonly<Record<Problem['kind'], string>> = {
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
 * A run as a SARIF 2.1.0 log. Problems with a place are results; GitHub refuses a log whose results
 * have none, so the others are notifications of the invocation.
 */
export function sarif({ gates, revision, seconds, started }: ReportedRun): object {
  const all = gates.flatMap((gate) => gate.problems.map((problem) => ({ gate, problem })))
  const rules = new Map(all.map(({ gate, problem }) => [ruleOf(gate, problem), problem.kind]))
  const times = {
    startTimeUtc: new Date(started).toISOString(),
    endTimeUtc: new Date(started + Math.max(0, seconds) * 1000).toISOString(),
  }
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'erlmcp gates',
            rules: [...rules].map(([id, kind]) => ({
              id,
              shortDescription: { text: `${meanings[kind]}.` },
              defaultConfiguration: { level: 'error' },
            })),
          },
        },
        automationDetails: { id: 'erlmcp-gates/' },
        ...(revision && { properties: { revision } }),
        invocations: [
          {
            // Whether the gates could be judged. What the judgement is, the results say.
            executionSuccessful: true,
            ...times,
            toolExecutionNotifications: all
              .filter(({ problem }) => !problem.location)
              .map(({ gate, problem }) => ({
                associatedRule: { id: ruleOf(gate, problem) },
                level: 'error',
                message: messageOf(gate, problem),
              })),
          },
        ],
        results: all.flatMap(({ gate, problem }) => resultOf(gate, problem)),
      },
    ],
  }
}

function ruleOf({ name }: GateResult, { kind }: Problem): string {
  return `${name}/${kind}`
}

function resultOf(gate: GateResult, problem: Problem): object[] {
  const { location } = problem
  if (!location) return []
  const { file, line, column } = location
  const region = line ? { region: { startLine: line, ...(column && { startColumn: column }) } } : {}
  const uri = file
    .replace(/\p{Cs}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/')
  return [
    {
      ruleId: ruleOf(gate, problem),
      level: 'error',
      message: messageOf(gate, problem),
      locations: [{ physicalLocation: { artifactLocation: { uri }, ...region } }],
    },
  ]
}

function messageOf({ name }: GateResult, { message }: Problem): { text: string } {
  // `[text](place)` in a message is a link.
  return { text: visible(`${name}: ${message}`).replaceAll('](', '] (') }
}
