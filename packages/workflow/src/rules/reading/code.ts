import type { WorkflowFile } from '../../document.ts'
import { expressionsOf, type Spot } from './expressions.ts'
import { isMap, usesOf } from './jobs.ts'

// Inputs that actions run as code, by action.
const inputs: Readonly<Record<string, readonly string[]>> = {
  'actions/github-script': ['script'],
  'azure/cli': ['inlinescript'],
  'azure/powershell': ['inlinescript'],
  'nick-fields/retry': ['command', 'on_retry_command'],
}

/** Every expression that becomes a part of code: in scripts, and in inputs that are scripts. */
export function codeIn(data: WorkflowFile): readonly Spot[] {
  const places = new Set(
    usesOf(data).flatMap(({ step, path, uses }) => {
      const code = inputs[uses.action] ?? []
      const given = isMap(step.with) ? Object.keys(step.with) : []
      return given
        .filter((name) => code.includes(name.toLowerCase()))
        .map((name) => [...path, 'with', name].join('\n'))
    }),
  )
  return expressionsOf(data).filter(
    ({ path }) =>
      (path[0] === 'jobs' && path.at(-1) === 'run' && path[2] === 'steps') ||
      places.has(path.join('\n')),
  )
}
