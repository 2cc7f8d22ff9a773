import { valuesOf } from './author.ts'
import {
  boolean,
  define,
  list,
  map,
  nil,
  scalar,
  since,
  string,
  union,
  withFacts,
} from './define.ts'
import * as format from './formats.ts'
import { grants } from './resource.ts'
import {
  buildUlimits,
  flag,
  hosts,
  merged,
  pairs,
  size,
  stringOrStrings,
  strings,
} from './scalar.ts'

/** A boolean, or parameters in a text. */
const anyText = withFacts(union(boolean, string), { name: 'BooleanLike' })
const named = map(union(scalar, nil))

/** How an image is built (Compose Build Specification). */
export const build = define('Build', {
  /** Folder or git URL that the build may read. Default: `.`. */
  context: string,
  /** Dockerfile, relative to the context. Default: `Dockerfile`. */
  dockerfile: string,
  /** The Dockerfile itself. Excludes `dockerfile`. */
  dockerfile_inline: since('2.17.0', string),
  /** Extra rights of the build: `network.host`, `security.insecure`. */
  entitlements: since('2.27.0', strings),
  /** Values of ARG instructions. Never for secrets: they stay in the image's history. */
  args: withFacts(pairs, { merge: 'texts', identity: 'name' }),
  /** SSH agent sockets or keys: `default`, `id=path`. */
  ssh: union(
    withFacts(list(withFacts(string, { format: format.sshKey })), { unique: 'always' }),
    named,
  ),
  /** Labels of the image. */
  labels: withFacts(pairs, { merge: 'texts', identity: 'name' }),
  /** Where cached layers come from. */
  cache_from: strings,
  /** Where cached layers go. */
  cache_to: strings,
  /** Whether the cache is left aside. Default: `false`. */
  no_cache: flag,
  /** Named contexts that `FROM` and `COPY --from` may use. */
  additional_contexts: withFacts(
    since(
      '2.17.0',
      union(
        withFacts(list(withFacts(string, { format: format.pair })), { unique: 'swarm' }),
        map(string),
      ),
    ),
    { merge: 'texts', identity: 'name' },
  ),
  /** Network of RUN instructions: `host`, `none`, or a network's name. */
  network: string,
  /** Provenance attestation: a switch or its parameters. */
  provenance: since('2.39.0', anyText),
  /** SBOM attestation: a switch or its parameters. */
  sbom: since('2.39.0', anyText),
  /** Whether base images are pulled even when present. Default: `false`. */
  pull: flag,
  /** Stage to build. Default: the last one. */
  target: string,
  /** Size of /dev/shm while building, bytes or with a unit. */
  shm_size: size,
  /** Host names that RUN instructions can resolve. */
  extra_hosts: withFacts(hosts, { merge: 'new-texts' }),
  /** Isolation technology of the platform. */
  isolation: string,
  /** Whether RUN instructions are privileged. Default: `false`. */
  privileged: flag,
  /** Secrets that `RUN --mount=type=secret` may read. */
  secrets: withFacts(grants, valuesOf("secrets: [secret('token')]", 'secret', 'secret grant')),
  /** More names for the image. */
  tags: withFacts(merged, { identity: 'name' }),
  /** Override the default ulimits for the build container. */
  ulimits: buildUlimits,
  /** Platforms to build for, such as `linux/arm64`. */
  platforms: strings,
  /** Stages that are built without the cache. */
  no_cache_filter: since('5.0.0', stringOrStrings),
})
