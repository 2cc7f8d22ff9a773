import type { Document, RuleContext } from '@erlmcp/core'
import type { WorkflowFile } from '../schema/document.gen.ts'

// Files that were read when the caller was rendered: a rule sees documents only.
const onDisk = new WeakMap<object, ReadonlyMap<string, WorkflowFile>>()

/** Keeps the workflows that a caller calls by their path, for its rules. */
export function rememberCalled(
  caller: WorkflowFile,
  files: ReadonlyMap<string, WorkflowFile>,
): void {
  onDisk.set(caller, files)
}

/** The path of `./path` or `$/path`. */
export function localPath(uses: string): string {
  return uses.replace(/^[.$]\//, '')
}

/** The workflow that a job calls by its path: one of the stack, or one of the project. */
export function calledFile(
  uses: string,
  caller: Document<WorkflowFile>,
  { documents }: RuleContext,
): WorkflowFile | undefined {
  if (!/^[.$]\//.test(uses)) return undefined
  const path = localPath(uses)
  const created = documents.find((one) => one.path === path && one.format.name === 'workflow')
  return (created?.data as WorkflowFile | undefined) ?? onDisk.get(caller.data)?.get(path)
}
