import { type BuiltImage, originOf, schema, UserError, validateOptions } from '@erlmcp/core'
import { github, type RunnerSelector, text, type WorkflowValue, workflow } from '@erlmcp/workflow'
import { buildJob } from './release-build.ts'
import { githubReleaseJob, publishJob } from './release-publish.ts'
import { verifyJob } from './release-verify.ts'
import type { LoginOptions } from './setup.ts'

/** Aliases of a version: `3.1.4` has the minor `3.1` and the major `3`. */
export type TagAlias = 'version' | 'minor' | 'major' | 'latest'

export interface ReleaseWorkflowOptions {
  /** The image to push, with its registry and without a tag: `ghcr.io/acme/app`. */
  readonly repository: string
  /** Tags of the repository that are a release. Default: `v*`. */
  readonly tags?: readonly string[]
  /** Default: `.github/workflows/release.yml`. */
  readonly path?: `.github/workflows/${string}`
  /** Names of the secrets that log in. Default: the actor and token of the run itself. */
  readonly login?: LoginOptions
  /** Environment of GitHub that has those secrets, and says who may release. Default: none. */
  readonly environment?: string
  /**
   * The workflow that must have been green on the commit, as `gatesWorkflow(…)` makes it. Default:
   * `.github/workflows/gates.yml` with the check `gate`, where the repository has that file.
   * `false`: the release asks nobody.
   */
  readonly gates?: WorkflowValue | false
  /**
   * Version that the tag must name, behind what stands before the `*` in `tags`. Default: the tag of
   * the image, `1.0.0` of `shop:1.0.0`. `false`: any tag.
   */
  readonly version?: string | false
  /**
   * Names beside the tag itself. `latest`, `major` and `minor` move only forward, and never to a
   * pre-release. Default: none.
   */
  readonly aliases?: readonly TagAlias[]
  /** Platforms and the machines that build them. Default: amd64 and arm64, each on its own kind. */
  readonly platforms?: Readonly<Record<string, RunnerSelector>>
  /** Machine of the other jobs. Default: `ubuntu-24.04`. */
  readonly 'runs-on'?: RunnerSelector
  /** Whether it is signed without a key, in the public log of Sigstore. Default: true. */
  readonly sign?: boolean
  /**
   * Whether the attestation is kept in the repository. Private ones need GitHub Enterprise Cloud for
   * it. Default: `public`, where the repository is.
   */
  readonly attest?: boolean | 'public'
  /**
   * Whether the scan goes to the code scanning of the repository. Private ones need GitHub Advanced
   * Security for it. Default: `public`, where the repository is.
   */
  readonly codeScanning?: boolean | 'public'
  /** Whether a release of GitHub is made, with notes from its pull requests. Default: false. */
  readonly githubRelease?: boolean
}

const { any, anyList, anyObject, boolean, object, string } = schema

const optionsSchema = object<ReleaseWorkflowOptions>({
  repository: any,
  tags: anyList,
  path: string,
  login: anyObject,
  environment: string,
  gates: any,
  version: any,
  aliases: anyList,
  platforms: anyObject,
  'runs-on': any,
  sign: boolean,
  attest: any,
  codeScanning: any,
  githubRelease: boolean,
})

/** The options with what follows from them. */
export interface Release extends ReleaseWorkflowOptions {
  readonly tags: readonly string[]
  /** The one version, where the tag must name it. */
  readonly expected: string | undefined
}

/**
 * A workflow that releases an image: only for a commit whose gates were green, and under the tag of
 * the version that it has. Each platform is built on a machine of its kind and scanned before
 * anything leaves it; then all are pushed by digest and joined under the tag, with provenance and
 * SBOM from BuildKit, signed and attested without a key (Sigstore).
 *
 * @throws UserError for a repository that no registry could have, or that has a tag, and for an option
 * that it does not have
 * @example
 * releaseWorkflow(image.runtime, { repository: 'ghcr.io/acme/app', gates: checks, aliases: ['latest'] })
 */
export function releaseWorkflow(image: BuiltImage, options: ReleaseWorkflowOptions): WorkflowValue {
  const origin = originOf(releaseWorkflow)
  validateOptions('releaseWorkflow(…)', options, optionsSchema, origin)
  const refuse = (message: string, hint: string): never => {
    throw new UserError({ message, hint, origin })
  }
  if (!isRepository(options.repository)) {
    refuse(
      `${JSON.stringify(options.repository)} cannot be the repository of an image`,
      "Write it in lower case and without a tag, like 'ghcr.io/acme/app': the release names the tag.",
    )
  }
  const unknown = (options.aliases ?? []).find((one) => !aliases.includes(one))
  if (unknown !== undefined) {
    refuse(
      `releaseWorkflow(…): unknown alias ${JSON.stringify(unknown)}`,
      `Name some of ${aliases.join(', ')}.`,
    )
  }
  const odd = Object.keys(options.platforms ?? {}).find(
    (one) => !/^[a-z0-9]+(\/[a-z0-9]+){1,2}$/.test(one),
  )
  if (odd !== undefined || Object.keys(options.platforms ?? { a: 1 }).length === 0) {
    refuse(
      `releaseWorkflow(…): invalid platforms ${JSON.stringify(odd ?? {})}`,
      "Name platforms as Docker does: { 'linux/amd64': 'ubuntu-24.04' }.",
    )
  }
  const { version = versionIn(image.image) } = options
  const release: Release = {
    ...options,
    tags: options.tags ?? ['v*'],
    expected: version === false ? undefined : version,
  }
  const verify = verifyJob(release)
  const build = buildJob(image, verify, release)
  const publish = publishJob(build, release)
  const last = options.githubRelease ? [publish, githubReleaseJob(publish, release)] : [publish]
  return workflow(options.path ?? '.github/workflows/release.yml', {
    name: 'Release',
    on: { push: { tags: [...release.tags] } },
    // A group of one tag: in one of all tags a third release would end the second, which waits.
    concurrency: { group: text`release-${github.ref}`, 'cancel-in-progress': false },
    jobs: [verify, build, ...last],
  })
}

const aliases: readonly string[] = ['version', 'minor', 'major', 'latest'] satisfies TagAlias[]

/** `1.0.0` of `shop:1.0.0`; nothing where the tag is no version. */
function versionIn(image: string): string | undefined {
  return /:v?(\d[\w.-]*)$/.exec(image)?.[1]
}

/** A registry, and names in lower case: a comma or a tag would change what is pushed. */
function isRepository(text: string): boolean {
  const name = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
  const registry = '[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?'
  return text.length <= 255 && new RegExp(`^(?:${registry}/)?${name}(?:/${name})*$`).test(text)
}
