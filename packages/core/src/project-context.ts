/**
 * How a project is worked with, for files that run its commands, such as workflows. Paths are
 * relative to the root of the repository, and '' where they are it.
 */
export interface ProjectContext {
  /** Folder of the stack. */
  readonly folder: string
  /** Folder that the project's packages are installed in, and its commands run in. */
  readonly workingDirectory: string
  /** Installs the packages as they are locked: `npm ci`. */
  readonly install: string
  /** Runs erlmcp: `npx erlmcp`. */
  readonly erlmcp: string
  /** The operand that names the stack to erlmcp; '' where it is found by itself. */
  readonly stack: string
  /** Lines of shell that fail when the files are not what the stack makes. */
  readonly check: string
}

/** A project of npm whose stack is `stack.ts` at the root of its repository. */
export const defaultProject: ProjectContext = Object.freeze({
  folder: '',
  workingDirectory: '',
  install: 'npm ci',
  erlmcp: 'npx erlmcp',
  stack: '',
  check: 'npx erlmcp check --format github',
})
