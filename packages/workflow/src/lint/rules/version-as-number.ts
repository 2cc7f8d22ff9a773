import type { Path, Rule } from '@erlmcp/core'
import { isMap, jobsOf } from '../../model/jobs.ts'
import { numberTextOf } from '../../parse/number-text.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

export const versionAsNumber: Rule<WorkflowFile> = {
  id: 'workflow/version-as-number',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Version written as a number',
  why: 'A number drops trailing zeros: 3.10 is 3.1, another version.',
  hint: "Write it as text: '3.10'.",
  references: ['YAML 1.2, "Floating point"'],
  bad: withJob({ strategy: { matrix: { otp: [27.2, 27.3] } } }),
  good: withJob({ strategy: { matrix: { otp: ['27.2', '27.3'] } } }),
  *check(document) {
    const { data } = document
    for (const { job, path, steps } of jobsOf(data)) {
      const matrix = isMap(job.strategy) ? job.strategy.matrix : undefined
      const all = [
        [[...path, 'strategy', 'matrix'], matrix] as const,
        ...steps.map(({ step, path }) => [[...path, 'with'], step.with] as const),
        ...steps.map(({ step, path }) => [[...path, 'env'], step.env] as const),
        [[...path, 'with'], job.with] as const,
        [[...path, 'env'], job.env] as const,
        [['env'], data.env] as const,
      ]
      for (const [at, node] of all) {
        for (const [where, value] of numbersIn(node, at)) {
          const text = numberTextOf(data, where)
          // Only parsed files keep the text of a number.
          const isLost = document.locate ? text !== undefined : !Number.isInteger(value)
          if (!isLost) continue
          const message =
            text === undefined
              ? `${value} is a number, which drops trailing zeros`
              : `${text} is a number, which equals ${value}`
          yield { path: where, message, hint: `Write it as text: '${text ?? value}'.` }
        }
      }
    }
  },
}

function* numbersIn(node: unknown, path: Path): Iterable<readonly [Path, number]> {
  if (typeof node === 'number') yield [path, node]
  if (typeof node !== 'object' || node === null) return
  for (const [key, value] of Object.entries(node)) {
    yield* numbersIn(value, [...path, Array.isArray(node) ? Number(key) : key])
  }
}
