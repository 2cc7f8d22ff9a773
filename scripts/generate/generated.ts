import { fileURLToPath } from 'node:url'

/** A committed file that is derived from others. */
export interface Generated {
  /** Relative to the repository. */
  readonly path: string
  readonly text: string
}

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url))
