import type { Grant } from './resource.ts'
import type {
  BooleanLike,
  Extensible,
  ExtraHosts,
  ListOrDict,
  NumberLike,
  Ulimits,
} from './scalar.ts'

/** How an image is built (Compose Build Specification). */
export interface Build extends Extensible {
  /** Folder or git URL that the build may read. Default: `.`. */
  readonly context?: string
  /** Dockerfile, relative to the context. Default: `Dockerfile`. */
  readonly dockerfile?: string
  /** The Dockerfile itself. Excludes `dockerfile`. */
  readonly dockerfile_inline?: string
  /** Extra rights of the build: `network.host`, `security.insecure`. */
  readonly entitlements?: readonly string[]
  /** Values of ARG instructions. Never for secrets: they stay in the image's history. */
  readonly args?: ListOrDict
  /** SSH agent sockets or keys: `default`, `id=path`. */
  readonly ssh?: ListOrDict
  /** Labels of the image. */
  readonly labels?: ListOrDict
  /** Where cached layers come from. */
  readonly cache_from?: readonly string[]
  /** Where cached layers go. */
  readonly cache_to?: readonly string[]
  /** Whether the cache is left aside. Default: `false`. */
  readonly no_cache?: BooleanLike
  /** Named contexts that `FROM` and `COPY --from` may use. */
  readonly additional_contexts?: ListOrDict
  /** Network of RUN instructions: `host`, `none`, or a network's name. */
  readonly network?: string
  /** Provenance attestation: a switch or its parameters. */
  readonly provenance?: BooleanLike
  /** SBOM attestation: a switch or its parameters. */
  readonly sbom?: BooleanLike
  /** Whether base images are pulled even when present. Default: `false`. */
  readonly pull?: BooleanLike
  /** Stage to build. Default: the last one. */
  readonly target?: string
  /** Size of /dev/shm while building, bytes or with a unit. */
  readonly shm_size?: NumberLike
  /** Host names that RUN instructions can resolve. */
  readonly extra_hosts?: ExtraHosts
  /** Isolation technology of the platform. */
  readonly isolation?: string
  /** Whether RUN instructions are privileged. Default: `false`. */
  readonly privileged?: BooleanLike
  /** Secrets that `RUN --mount=type=secret` may read. */
  readonly secrets?: readonly (string | Grant)[]
  /** More names for the image. */
  readonly tags?: readonly string[]
  readonly ulimits?: Ulimits
  /** Platforms to build for, such as `linux/arm64`. */
  /** Stages that are built without the cache. */
  readonly no_cache_filter?: string | readonly string[]
  readonly platforms?: readonly string[]
}
