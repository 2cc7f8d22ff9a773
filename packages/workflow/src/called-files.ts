import type { Document, StackContext, Surroundings } from '@erlmcp/core'
import type { WorkflowFile } from './document.ts'
import { parseWorkflow } from './parse.ts'

// What was on the disk when the caller was made: a rule sees documents only.
const onDisk = new WeakMap<object, ReadonlyMap<string, WorkflowFile>>()

/** Workflows of the project that are called by their path, read once each. */
export class CalledFiles {
  readonly #files = new Map<string, WorkflowFile>()
  readonly #context: StackContext

  constructor(context: StackContext) {
    this.#context = context
  }

  /**
   * The workflow that `./path` or `$/path` names; undefined where it is not on the disk.
   *
   * @throws UserError for a file that is no workflow
   */
  read(uses: string): WorkflowFile | undefined {
    const path = pathOf(uses)
    const text = this.#files.has(path) ? undefined : this.#context.read?.(path)
    if (text !== undefined) this.#files.set(path, parseWorkflow(path, text).data)
    return this.#files.get(path)
  }

  /** Lets the rules about this caller see them. */
  rememberFor(caller: WorkflowFile): void {
    onDisk.set(caller, this.#files)
  }
}

const pathOf = (uses: string) => uses.replace(/^[.$]\//, '')

/** The workflow that a job calls by its path: one of the stack, or one that was on the disk. */
export function calledFile(
  uses: string,
  caller: Document<WorkflowFile>,
  { documents }: Surroundings,
): WorkflowFile | undefined {
  if (!/^[.$]\//.test(uses)) return undefined
  const path = pathOf(uses)
  const made = documents.find((one) => one.path === path && one.format.name === 'workflow')
  return (made?.data as WorkflowFile | undefined) ?? onDisk.get(caller.data)?.get(path)
}
