import { type Source, type Stack, type Synthesis, stack as stackOf, UserError } from '@erlmcp/core'
import { Component, type Project, type Task } from 'projen'
import { Deployment } from './deployment.ts'
import type { ErlmcpStackOptions } from './options.ts'
import { tasksOf } from './tasks.ts'

/**
 * Puts the files of a stack into a projen project, as files that projen owns: `npx projen` writes
 * them, makes them read-only, and removes those that are no longer generated. `erlmcp` commands find the
 * stack in the file of the project.
 *
 * Diagnostics of severity error stop the synthesis before any file is written; warnings are logged,
 * notes with `DEBUG=1`.
 *
 * @throws UserError for a duplicate stack name, and for a file that the project generates itself
 * @example
 * const project = new Project({ name: 'shop' })
 * new ErlmcpStack(project, stack('shop', [compose('compose.yaml', [web])]))
 * project.synth()
 */
export class ErlmcpStack extends Component {
  readonly options: ErlmcpStackOptions
  #stack: Stack
  readonly #tasks = new Map<string, Task>()

  /**
   * The stack of a project; the first one if it has several and no name is given.
   *
   * @example
   * ErlmcpStack.of(project)?.add(dependabot())
   */
  static of(project: Project, name?: string): ErlmcpStack | undefined {
    return Deployment.find(project)
      ?.stacksOf(project)
      .map((one) => one as ErlmcpStack)
      .find(({ stack }) => name === undefined || stack.name === name)
  }

  constructor(project: Project, stack: Stack, options: ErlmcpStackOptions = {}) {
    if (ErlmcpStack.of(project, stack.name)) {
      throw new UserError({
        message: `project ${project.name}: duplicate stack ${stack.name}`,
        hint: `Give one of them another name, or add to the first: ErlmcpStack.of(project, '${stack.name}')?.add(…).`,
      })
    }
    super(project, `ErlmcpStack#${stack.name}`)
    this.#stack = stack
    this.options = options
    const deployment = Deployment.of(project)
    deployment.register(this)
    deployment.declare(this)
    this.addTasks()
  }

  /** The stack with everything that was added to it. */
  get stack(): Stack {
    return this.#stack
  }

  /** The synthesis of the stacks of this project: artifacts, secrets and diagnostics. */
  get synthesis(): Synthesis {
    return Deployment.of(this.project).synthesisOf(this.project)
  }

  /**
   * Adds sources to the stack, such as a workflow that another component of the project needs.
   *
   * @throws UserError for a source without files, and for a file that the project generates itself
   */
  add(...sources: readonly Source[]): this {
    const { name, sources: before, suppressions } = this.#stack
    const added = stackOf(name, [...before, ...sources], { suppressions })
    this.#stack = Object.freeze({ ...this.#stack, sources: added.sources })
    Deployment.of(this.project).declare(this)
    this.addTasks()
    return this
  }

  /** @internal Adds the tasks for the features of the stack; existing tasks are kept. */
  addTasks(): void {
    if (this.options.tasks === false) return
    const tasked = Deployment.of(this.project).taskedOf(this)
    for (const { name, exec, description } of tasksOf(this.project, tasked)) {
      const made = this.#tasks.get(name)
      if (made === undefined) this.#tasks.set(name, this.#addTask(name, exec, description))
      // A later stack needs another name.
      else if (made.steps.length === 1) made.reset(exec, { receiveArgs: true })
    }
  }

  #addTask(name: string, exec: string, description: string): Task {
    const { tasks } = this.project
    const own = tasks.tryFind(name) ? `${name}:${this.#stack.name}` : name
    return tasks.tryFind(own) ?? this.project.addTask(own, { exec, description, receiveArgs: true })
  }
}
