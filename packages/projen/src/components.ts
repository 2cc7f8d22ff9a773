import { type ComposeOptions, compose, type ServiceValue } from '@erlmcp/compose'
import { type Source, stack } from '@erlmcp/core'
import { type DockerfileOptions, dockerfile, type Stage } from '@erlmcp/dockerfile'
import { type WorkflowSpec, type WorkflowValue, workflow } from '@erlmcp/workflow'
import { Component, type ObjectFile, type Project } from 'projen'
import { ErlmcpStack } from './erlmcp-stack.ts'

/** Adds a source to the stack of the project, or to a new stack with the name of the project. */
function addTo(project: Project, source: Source): void {
  const known = ErlmcpStack.of(project) ?? new ErlmcpStack(project, stack(nameOf(project), []))
  known.add(source)
}

/** A name that Compose allows for a project: `@acme/Shop` is `shop`. */
function nameOf({ name }: Project): string {
  const plain = name.replace(/^@[^/]*\//, '').toLowerCase()
  return plain.replaceAll(/[^a-z0-9_-]+/g, '-').replace(/^[_-]+/, '') || 'project'
}

/**
 * A Dockerfile of a projen project, as part of its stack.
 *
 * @example
 * new Dockerfile(project, 'Dockerfile', stage('app', 'alpine:3.22', []))
 */
export class Dockerfile extends Component {
  constructor(project: Project, path: string, target: Stage, options: DockerfileOptions = {}) {
    super(project, `Dockerfile#${path}`)
    addTo(project, dockerfile(path, target, options))
  }
}

/**
 * A compose file of a projen project with its other files, as part of its stack.
 *
 * @example
 * new ComposeFile(project, 'compose.yaml', [service('web', { image: 'nginx:1.29.3' })])
 */
export class ComposeFile extends Component {
  readonly #path: string

  constructor(
    project: Project,
    path: string,
    services: readonly ServiceValue[],
    options: ComposeOptions = {},
  ) {
    super(project, `ComposeFile#${path}`)
    this.#path = path
    addTo(project, compose(path, services, options))
  }

  /** The file, for overrides and patches. */
  get file(): ObjectFile | undefined {
    return this.project.tryFindObjectFile(this.#path)
  }
}

/**
 * A workflow of GitHub Actions, as part of the stack of its project; a file of the root project.
 *
 * @example
 * new Workflow(project, '.github/workflows/ci.yml', { on: ['push'], jobs: [test] })
 */
export class Workflow extends Component {
  /** The workflow, for others to call. */
  readonly value: WorkflowValue

  constructor(project: Project, path: string, spec: WorkflowSpec) {
    super(project, `Workflow#${path}`)
    this.value = workflow(path, spec)
    addTo(project, this.value)
  }

  /** The file, for overrides and patches. */
  get file(): ObjectFile | undefined {
    return this.project.root.tryFindObjectFile(this.value.path)
  }
}
