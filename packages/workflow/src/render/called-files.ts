import type { StackContext } from '@erlmcp/core'
import type { WorkflowFile } from '../document.ts'
import { localPath, rememberCalled } from '../lint/model/called-workflow.ts'
import { parseWorkflow } from '../parse/document.ts'

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
    const path = localPath(uses)
    const text = this.#files.has(path) ? undefined : this.#context.read?.(path)
    if (text !== undefined) this.#files.set(path, parseWorkflow(path, text).data)
    return this.#files.get(path)
  }

  /** Lets the rules about this caller see them. */
  rememberFor(caller: WorkflowFile): void {
    rememberCalled(caller, this.#files)
  }
}
