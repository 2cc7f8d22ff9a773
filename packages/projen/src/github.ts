import { basename } from 'node:path'
import { github, type Project, type YamlFile } from 'projen'

/**
 * A workflow of a stack in the list of projen: `project.github.tryFindWorkflow('gates')`. Its jobs are
 * those of its file.
 */
export class StackWorkflow extends github.GithubWorkflow {
  constructor(hub: github.GitHub, name: string, file: YamlFile) {
    // Otherwise projen would write a file of its own.
    super(Object.create(hub, { workflowsEnabled: { value: false } }), name)
    Object.assign(this, { file })
  }
}

/** Adds the workflows of stacks to the GitHub component of the root project, each once. */
export function listWorkflows({ root }: Project, files: Iterable<YamlFile>): void {
  const hub = github.GitHub.of(root)
  if (!hub) return
  const known = new Set(hub.workflows.map(({ file }) => file))
  for (const file of files) {
    const isWorkflow = /^\.github\/workflows\//.test(file.path)
    const name = basename(file.path).replace(/\.ya?ml$/, '')
    if (isWorkflow && !known.has(file) && !hub.tryFindWorkflow(name)) {
      new StackWorkflow(hub, name, file)
    }
  }
}

/** The component that generates a file of the project, by its name. */
export function makerOf({ root }: Project, path: string): string {
  const file = root.tryFindFile(path)
  const hub = github.GitHub.of(root)
  const workflow = hub?.workflows.find((one) => one.file === file)
  if (workflow) return `projen's workflow ${JSON.stringify(workflow.name)}`
  return `the ${file?.constructor.name} of the project`
}
