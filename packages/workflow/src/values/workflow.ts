import { type Document, ORIGIN, originOf, UserError, validateOptions } from '@erlmcp/core'
import { workflowFormat } from '../format.ts'
import { renderWorkflow } from '../render/workflow.ts'
import type { EventsSpec, WorkflowCallSpec, WorkflowSpec } from '../schema/author.gen.ts'
import { authorSchema } from '../schema/author-schema.ts'
import type { WorkflowFile } from '../schema/document.gen.ts'
import { workflowSchema } from '../schema/workflow.ts'
import { type LocalOptions, localOptions } from './local-prefix.ts'
import { validateOutputs } from './validate-outputs.ts'
import type { WorkflowValue } from './value-types.ts'

/**
 * A workflow of GitHub Actions. Its defaults are safe: no permissions but those that a job sets,
 * a timeout for every job, one run a pull request, scripts that fail at the first error.
 *
 * @param path of the file, relative to the project: `.github/workflows/ci.yml`
 * @param options for the server: `{ local: './' }`
 * @throws UserError for a path that GitHub ignores, and for every unknown or invalid key
 * @example
 * export default stack('shop', [
 *   workflow('.github/workflows/ci.yml', { name: 'CI', on: ['push'], jobs: [build, test] }),
 * ])
 */
export function workflow<const Input extends string = never, const Output extends string = never>(
  path: string,
  spec: WorkflowSpec<Input, Output>,
  options: LocalOptions = {},
): WorkflowValue<Input, Output> {
  const origin = originOf(workflow)
  if (!/^\.github\/workflows\/[^/\s]+\.ya?ml$/.test(path)) {
    throw new UserError({
      message: `invalid path of a workflow ${JSON.stringify(path)}: GitHub ignores it`,
      hint: 'Rename it to .github/workflows/NAME.yml.',
      origin,
    })
  }
  validateOptions(path, spec, authorSchema(workflowSchema), origin)
  validateOptions(path, options, localOptions, origin)
  const call = callOf(spec)
  validateOutputs(path, call?.outputs, ['on', 'workflow_call', 'outputs'], origin)
  if (spec.jobs.length === 0) {
    throw new UserError({ message: `${path} has no jobs`, hint: 'Add a job.', origin })
  }
  const value = { path, spec: spec as WorkflowSpec, [ORIGIN]: origin }
  return Object.freeze({
    ...value,
    kind: 'workflow',
    inputs: Object.keys(call?.inputs?.spec ?? {}) as Input[],
    outputs: Object.keys(call?.outputs ?? {}) as Output[],
    *documents(context): Iterable<Document> {
      const { file, sources } = renderWorkflow(value, context, options)
      yield { path, format: workflowFormat, data: file } satisfies Document<WorkflowFile>
      for (const one of sources) yield* one.documents(context)
    },
  } satisfies WorkflowValue<Input, Output>)
}

function callOf<Input extends string, Output extends string>({
  on,
}: WorkflowSpec<Input, Output>): WorkflowCallSpec<Input, Output> | null | undefined {
  if (typeof on !== 'object' || Array.isArray(on)) return undefined
  return (on as EventsSpec<Input, Output>).workflow_call
}
