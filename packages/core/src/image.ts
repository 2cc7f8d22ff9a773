import type { Originated } from './origin.ts'

/** A build argument that the environment sets, by a variable of the argument's own name. */
export interface BuildVariable {
  /** What it is where the variable is unset or empty. */
  readonly default: string
  /** A line for `.env.example`. */
  readonly description: string
}

/**
 * An image that one document builds and another one runs. It is the whole contract between a
 * Dockerfile and a compose file, so that neither package needs to know the other.
 */
export interface BuiltImage extends Originated {
  /** The name it is tagged with, such as `erlmcp:3.0.0`. */
  readonly image: string
  readonly build: {
    /** Build context, relative to the project. */
    readonly context: string
    /** Dockerfile, relative to the context. */
    readonly dockerfile: string
    readonly target: string
    /** Values of its ARG instructions: fixed, or read from the environment of whoever builds. */
    readonly args?: Readonly<Record<string, string | BuildVariable>>
  }
  /** `uid:gid` the image runs as; what mounts and secrets must be readable for. */
  readonly user: string
  /** Paths that must be writable at run time, for a read-only root. */
  readonly writable: readonly string[]
  /** Names below `/run/secrets` without which it does not start. Default: none. */
  readonly requiredSecrets?: readonly string[]
  /** Folder whose content shall outlive the container, and so belongs in a volume. Default: none. */
  readonly state?: string
  /** Threads and processes that an Erlang emulator needs, which `pids` must allow. Default: unknown. */
  readonly emulator?: {
    /** On whatever machine. */
    readonly base: number
    /** For each processor that it may use. */
    readonly perCpu: number
  }
}
