import type { ComposeFile, TargetVersions } from './document.ts'
import type { Interpolation } from './values/interpolation.ts'

export interface ComposeOptions {
  /**
   * Project name. Default: the stack's name for `compose.yaml` and `docker-compose.yml`,
   * `<stack>-<variant>` for `docker-compose.<variant>.yml`, so that two files of one stack
   * never manage each other's containers.
   */
  readonly name?: string | Interpolation
  /** The oldest Compose and engine that read the file; a newer key is a diagnostic. Default: {@link defaultTarget}. */
  readonly target?: TargetVersions
  /** Compose files that this one includes. */
  readonly include?: ComposeFile['include'] & {}
  /** An extension: any data under a key that begins with `x-`. */
  readonly [extension: `x-${string}`]: unknown
}
