import type { Capability } from '../values/literal.ts'

/**
 * What an image needs to run, by its own Dockerfile and entrypoint: each entry names them in a comment,
 * which no bundle carries.
 */
export interface ImageFacts {
  /** Name of the program. */
  readonly title: string
  /**
   * Repositories with this contract, without registry: `redis`, `grafana/grafana`. A `*` at the end
   * matches any suffix.
   */
  readonly repositories: readonly string[]
  /** UID and GID of the `USER` of the image. Without it the image starts as root. */
  readonly user?: string
  /** UID and GID of the user that a root entrypoint switches to after it has prepared its folders. */
  readonly stepsDownTo?: string
  /** Capabilities that it needs as root. */
  readonly capabilities?: readonly Capability[]
  /** File capabilities of its binary: for any user, exec fails where they are dropped (execve(2), EPERM). */
  readonly fileCapabilities?: readonly Capability[]
  /** It gains privileges when it starts a program, so that it fails with `no-new-privileges`. */
  readonly gainsPrivileges?: true
  /** Why it cannot run on a read-only root. */
  readonly writesRoot?: string
  /** Folders that it writes outside its volumes, with tmpfs options: `/run`, `/var/lib/x:exec`. */
  readonly writes?: readonly string[]
  /** Folders that it writes when another path is mounted. */
  readonly writesFor?: { readonly [mounted: string]: string }
  /** It executes files in `/tmp`, such as the unpacked native libraries of a Java program. */
  readonly executesTmp?: true
  /** Its init must be process 1. */
  readonly isProcessOne?: true
  /** It exits when it is done, and must not be restarted. */
  readonly runsOnce?: true
  /** Memory below which it does not start or is killed. */
  readonly memory?: `${number}${'M' | 'G'}`
  /** Where it keeps its data. */
  readonly data?: string
  /** Ports on which it listens, the one that clients use first. */
  readonly ports?: readonly number[]
  /**
   * Healthcheck that passes only when it serves, not while an entrypoint initializes the data.
   * Shell lines read the variables of the container.
   */
  readonly health?: readonly ['CMD' | 'CMD-SHELL', ...string[]]
  /** Its Dockerfile has a HEALTHCHECK. */
  readonly hasHealthcheck?: true
  /** Holds data that must not be reachable from the network. */
  readonly isDataStore?: true
  /** Facts of some tags; a later entry wins. */
  readonly variants?: readonly {
    readonly tag: RegExp
    readonly facts: { readonly [Fact in VariableFact]?: ImageFacts[Fact] | undefined }
  }[]
}

/**
 * What the defaults of a service depend on. A bundle has no more of the known images: `pnpm generate`
 * writes `defaults.gen.ts`.
 */
export interface ImageDefaults
  extends Omit<ImageFacts, 'title' | 'repositories' | 'writesRoot' | 'variants' | ForRules> {
  readonly writesRoot?: string | true
  readonly variants?: readonly {
    readonly tag: RegExp
    readonly facts: { readonly [Fact in VariableFact]?: unknown }
  }[]
}

type ForRules = 'data' | 'ports' | 'health' | 'hasHealthcheck' | 'isDataStore'

type VariableFact = Exclude<keyof ImageFacts, 'title' | 'repositories' | 'variants'>

/**
 * An entrypoint that starts as root and switches to another user: it changes the owner of folders and
 * reads files of others. `KILL` because the init, which stays root, forwards signals to that user.
 */
export const stepDown: readonly Capability[] = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'KILL',
  'SETGID',
  'SETUID',
]

/** A master process that stays root, with workers of another user. */
export const masterOfWorkers: readonly Capability[] = [...stepDown, 'NET_BIND_SERVICE']

/** A program that stays root and accesses files of a host user. */
export const asRoot: readonly Capability[] = ['DAC_OVERRIDE']

/** The tag of an Alpine image, whose users have other numbers than Debian's. */
export const alpine = /alpine/
