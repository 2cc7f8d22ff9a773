import type { Capability } from '../literal.ts'

/** What an image needs to run, as its own Dockerfile and entrypoint show. */
export interface ImageFacts {
  /** What runs in it. */
  readonly title: string
  /**
   * Repositories with this contract, without registry: `redis`, `grafana/grafana`. A `*` at the end
   * stands for every repository that begins so.
   */
  readonly repositories: readonly string[]
  /** The Dockerfile and entrypoint that say so. */
  readonly source: string
  /** Numbers of the image's own `USER`. Without it the image starts as root. */
  readonly user?: string
  /** Numbers of the user that a root entrypoint becomes, once it has prepared its folders. */
  readonly stepsDownTo?: string
  /** Capabilities that it needs while it is root. */
  readonly capabilities?: readonly Capability[]
  /** Capabilities of its binary: whoever starts it, exec fails where they are dropped (execve(2), EPERM). */
  readonly fileCapabilities?: readonly Capability[]
  /** It gains rights when it starts a program: `no-new-privileges` stops it. */
  readonly gainsPrivileges?: true
  /** Why it cannot run on a read-only root. */
  readonly writesRoot?: string
  /** Folders in no volume of the image that it writes, with options of a tmpfs: `/run`, `/var/lib/x:exec`. */
  readonly writes?: readonly string[]
  /** Folders that it writes when something is mounted elsewhere. */
  readonly writesFor?: { readonly [mounted: string]: string }
  /** It runs what it unpacks to `/tmp`, as a Java program does with its native libraries. */
  readonly executesTmp?: true
  /** Its init must be process 1. */
  readonly isProcessOne?: true
  /** It ends by itself, and is not to be started again. */
  readonly runsOnce?: true
  /** Memory below which it does not start, or is killed. */
  readonly memory?: `${number}${'M' | 'G'}`
  /** Where it keeps its data. */
  readonly data?: string
  /** Ports on which it listens, the one that clients use first. */
  readonly ports?: readonly number[]
  /**
   * What tells that it serves, also while an entrypoint fills the data with a server of its own.
   * Shell lines read the container's variables.
   */
  readonly health?: readonly ['CMD' | 'CMD-SHELL', ...string[]]
  /** Its Dockerfile has a HEALTHCHECK. */
  readonly hasHealthcheck?: true
  /** Holds data that a stranger on the network must not reach. */
  readonly isDataStore?: true
  /** What is different for some tags; a later one wins. */
  readonly variants?: readonly {
    readonly tag: RegExp
    readonly facts: { readonly [Fact in VariableFact]?: ImageFacts[Fact] | undefined }
  }[]
}

type VariableFact = Exclude<keyof ImageFacts, 'title' | 'repositories' | 'source' | 'variants'>

/**
 * What root does before it becomes another user: it takes over folders, and reads what others own.
 * `KILL` because the init, which stays root, passes signals on to a process of that user.
 */
export const stepDown: readonly Capability[] = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'KILL',
  'SETGID',
  'SETUID',
]

/** A master that stays root, and has workers of another user. */
export const masterOfWorkers: readonly Capability[] = [...stepDown, 'NET_BIND_SERVICE']

/** A program that stays root and reads or writes what a host's user owns. */
export const asRoot: readonly Capability[] = ['DAC_OVERRIDE']

/** The tag of an Alpine image, whose users have other numbers than Debian's. */
export const alpine = /alpine/
