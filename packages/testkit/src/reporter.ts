import type { Reporter, TestCase, TestModule } from 'vitest/node'
import './describe-engine.ts'

/**
 * A vitest reporter that ends the run with one line on the tests of `describeEngine`: how many ran, and
 * how many were skipped for which reason. Use it after another reporter.
 *
 * @example reporters: ['default', '@erlmcp/testkit/reporter']
 */
export default class EngineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    for (const line of engineLines(tests.map(outcome))) console.log(line)
  }
}

/** What became of one test; `reason` says why there was no engine for it. */
export interface Outcome {
  readonly engine: boolean
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending'
  readonly reason?: string
}

export function engineLines(outcomes: readonly Outcome[]): readonly string[] {
  const engine = outcomes.filter((test) => test.engine)
  const ran = engine.filter(({ state }) => state === 'passed' || state === 'failed')
  const failed = ran.filter(({ state }) => state === 'failed').length
  const lines = ran.length > 0 ? [`${tests(ran.length)} ran, ${failed} failed`] : []
  const skipped = new Map<string, number>()
  for (const { reason } of engine) {
    if (reason !== undefined) skipped.set(reason, (skipped.get(reason) ?? 0) + 1)
  }
  for (const [reason, count] of skipped) lines.push(`${tests(count)} skipped: ${reason}`)
  return lines
}

const tests = (count: number): string => `${count} engine ${count === 1 ? 'test' : 'tests'}`

function outcome(test: TestCase): Outcome {
  const { state } = test.result()
  const engine = engineOf(test)
  return {
    engine: engine !== undefined,
    state,
    ...(engine?.ran === false && { reason: engine.reason }),
  }
}

function engineOf(test: TestCase) {
  let suite = test.parent
  while (suite.type === 'suite') {
    const { engine } = suite.meta()
    if (engine) return engine
    suite = suite.parent
  }
  return undefined
}
