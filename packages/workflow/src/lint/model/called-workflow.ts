import type { Document, RuleContext } from '@erlmcp/core'
import type { WorkflowFile } from '../../schema/document.gen.ts'

// What was on the disk when the caller was made: a rule sees documents only.
const onDisk = new WeakMap<object, ReadonlyMap<string, WorkflowFile>>()

/** Lets the rules about a caller see the workflows that it calls by their path. */
export function rememberCalled(
  caller: WorkflowFile,
  files: ReadonlyMap<string, WorkflowFile>,
): void {
  onDisk.set(caller, files)
}

/** The path of a file that `./path` or `$/path` names. */
export function localPath(uses: string): string {
  return uses.replace(/^[.$]\//, '')
}

/** The workflow that a job calls by its path: one of the stack, or one that was on the disk. */
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
