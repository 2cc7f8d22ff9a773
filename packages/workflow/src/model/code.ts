import { isCodeInput } from '../actions/code-inputs.ts'
import type { WorkflowFile } from '../schema/document.gen.ts'
import { type ExpressionPlace, expressionsOf } from './expressions.ts'
import { isMap, usesOf } from './jobs.ts'

/** Every expression in code: in scripts, and in inputs that are scripts. */
export function codeIn(data: WorkflowFile): readonly ExpressionPlace[] {
  const places = new Set(
    usesOf(data).flatMap(({ step, path, uses }) => {
      const given = isMap(step.with) ? Object.keys(step.with) : []
      return given
        .filter((name) => isCodeInput(uses.action, name))
        .map((name) => [...path, 'with', name].join('\n'))
    }),
  )
  return expressionsOf(data).filter(
    ({ path }) =>
      (path[0] === 'jobs' && path.at(-1) === 'run' && path[2] === 'steps') ||
      places.has(path.join('\n')),
  )
}
