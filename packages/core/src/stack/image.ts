import type { Originated } from '../document/origin.ts'

/** A build argument that a variable of the same name sets. */
export interface BuildVariable {
  /** The value where the variable is unset or empty. */
  readonly default: string
  /** A line for `.env.example`. */
  readonly description: string
}

/**
 * An image that one document builds and another runs: the contract between a Dockerfile and a compose
 * file, so that neither package depends on the other.
 */
export interface BuiltImage extends Originated {
  /** Its tag, such as `erlmcp:3.0.0`. */
  readonly image: string
  readonly build: {
    /** Build context, relative to the project. */
    readonly context: string
    /** Dockerfile, relative to the context. */
    readonly dockerfile: string
    readonly target: string
    /** Values of its ARG instructions: fixed, or read from the environment of the build. */
    readonly args?: Readonly<Record<string, string | BuildVariable>>
  }
  /** `uid:gid` of its process, which must be able to read mounts and secrets. */
  readonly user: string
  /** Paths that must be writable at run time, for a read-only root. */
  readonly writable: readonly string[]
  /** Names below `/run/secrets` without which it does not start. Default: `[]`. */
  readonly requiredSecrets?: readonly string[]
  /** Folder whose content outlives the container in a volume. Default: no folder. */
  readonly state?: string
  /** Threads and processes of an Erlang emulator, which `pids` must allow. Default: unknown. */
  readonly emulator?: {
    /** On any machine. */
    readonly base: number
    /** For each CPU that it may use. */
    readonly perCpu: number
  }
}
