import type { Stack } from '@erlmcp/core'
import type { Project } from 'projen'

export interface ErlmcpStackOptions {
  /**
   * What the header of each file names as its source, relative to the folder of the root project.
   * Default: the file of the project, such as `.projenrc.ts`.
   */
  readonly source?: string
  /**
   * Whether git keeps the files. Default: `commitGenerated` of the project. Workflows always are
   * kept: GitHub reads them there.
   */
  readonly committed?: boolean
  /** Whether to add tasks such as `gate` and `compose:up`. Default: true. */
  readonly tasks?: boolean
}

/** One stack of a project. */
export interface StackComponent {
  readonly project: Project
  readonly stack: Stack
  readonly options: ErlmcpStackOptions
  addTasks(): void
}
