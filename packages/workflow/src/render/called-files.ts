import type { StackContext } from '@erlmcp/core'
import { localPath, rememberCalled } from '../model/called-workflow.ts'
import { parseWorkflow } from '../parse/document.ts'
import type { WorkflowFile } from '../schema/document.gen.ts'

/** Workflows of the project that are called by their path, each read once. */
export class CalledFiles {
  readonly #files = new Map<string, WorkflowFile>()
  readonly #context: StackContext

  constructor(context: StackContext) {
    this.#context = context
  }

  /**
   * The workflow at `./path` or `$/path`; undefined where the file does not exist.
   *
   * @throws UserError for invalid YAML
   */
  read(uses: string): WorkflowFile | undefined {
    const path = localPath(uses)
    const text = this.#files.has(path) ? undefined : this.#context.read?.(path)
    if (text !== undefined) this.#files.set(path, parseWorkflow(path, text).data)
    return this.#files.get(path)
  }

  /** Lets the rules of this caller read them. */
  rememberFor(caller: WorkflowFile): void {
    rememberCalled(caller, this.#files)
  }
}
