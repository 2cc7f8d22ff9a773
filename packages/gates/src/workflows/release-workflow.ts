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
  /** Patterns of git tags that start a release. Default: `v*`. */
  readonly tags?: readonly string[]
  /** Default: `.github/workflows/release.yml`. */
  readonly path?: `.github/workflows/${string}`
  /** Names of the GitHub secrets for the login. Default: actor and token of the run. */
  readonly login?: LoginOptions
  /** GitHub environment with these secrets and its protection rules. Default: none. */
  readonly environment?: string
  /**
   * The workflow that must have passed on the commit, from `gatesWorkflow(…)`. Default:
   * `.github/workflows/gates.yml` with the check `gate`, if the repository has that file.
   * `false`: no check.
   */
  readonly gates?: WorkflowValue | false
  /**
   * Version that the git tag must have, after the prefix of its pattern. Default: the tag of the image,
   * `1.0.0` of `shop:1.0.0`. `false`: any tag.
   */
  readonly version?: string | false
  /**
   * Further tags of the image. `latest`, `major` and `minor` only move forward, and never to a
   * pre-release. Default: none.
   */
  readonly aliases?: readonly TagAlias[]
  /** Platforms and their runners. Default: amd64 and arm64, each on a native runner. */
  readonly platforms?: Readonly<Record<string, RunnerSelector>>
  /** Runner of the other jobs. Default: `ubuntu-24.04`. */
  readonly 'runs-on'?: RunnerSelector
  /** Whether to sign the image without a key, with an entry in the public log of Sigstore. Default: true. */
  readonly sign?: boolean
  /**
   * Whether to attest the image. Private repositories need GitHub Enterprise Cloud. Default: `public`,
   * only in a public repository.
   */
  readonly attest?: boolean | 'public'
  /**
   * Whether to upload the scan to code scanning. Private repositories need GitHub Advanced Security.
   * Default: `public`, only in a public repository.
   */
  readonly codeScanning?: boolean | 'public'
  /** Whether to create a GitHub release with generated notes. Default: false. */
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

/** The options with defaults. */
export interface Release extends ReleaseWorkflowOptions {
  readonly tags: readonly string[]
  /** The version that the tag must have; undefined for any tag. */
  readonly expected: string | undefined
}

/**
 * A workflow that releases an image for a commit whose gates passed, if the git tag is its version. Each
 * platform is built on a native runner, scanned, and pushed by digest. The digests are joined under
 * the tag, with provenance and SBOM from BuildKit, and signed and attested without a key (Sigstore).
 *
 * @throws UserError for an invalid repository, alias, platform or option
 * @example
 * releaseWorkflow(image.runtime, { repository: 'ghcr.io/acme/app', gates: checks, aliases: ['latest'] })
 */
export function releaseWorkflow(image: BuiltImage, options: ReleaseWorkflowOptions): WorkflowValue {
  const origin = originOf(releaseWorkflow)
  validateOptions('releaseWorkflow(…)', options, optionsSchema, origin)
  const fail = (message: string, hint: string): never => {
    throw new UserError({ message, hint, origin })
  }
  if (!isRepository(options.repository)) {
    fail(
      `releaseWorkflow(…): invalid repository ${JSON.stringify(options.repository)}`,
      "Write it in lower case and without a tag: 'ghcr.io/acme/app'.",
    )
  }
  const unknown = (options.aliases ?? []).find((one) => !aliases.includes(one))
  if (unknown !== undefined) {
    fail(
      `releaseWorkflow(…): unknown alias ${JSON.stringify(unknown)}`,
      `Use ${aliases.join(', ')}.`,
    )
  }
  const invalid = Object.keys(options.platforms ?? {}).find(
    (one) => !/^[a-z0-9]+(\/[a-z0-9]+){1,2}$/.test(one),
  )
  if (invalid !== undefined || Object.keys(options.platforms ?? { a: 1 }).length === 0) {
    fail(
      `releaseWorkflow(…): invalid platforms ${JSON.stringify(invalid ?? {})}`,
      "Use platforms of Docker: { 'linux/amd64': 'ubuntu-24.04' }.",
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
    // One group per tag: in a common group a third release would cancel the second, which waits.
    concurrency: { group: text`release-${github.ref}`, 'cancel-in-progress': false },
    jobs: [verify, build, ...last],
  })
}

const aliases: readonly string[] = ['version', 'minor', 'major', 'latest'] satisfies TagAlias[]

/** `1.0.0` of `shop:1.0.0`; undefined for another tag. */
function versionIn(image: string): string | undefined {
  return /:v?(\d[\w.-]*)$/.exec(image)?.[1]
}

/** A registry and names in lower case. A comma or tag would change what is pushed. */
function isRepository(text: string): boolean {
  const name = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
  const registry = '[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?'
  return text.length <= 255 && new RegExp(`^(?:${registry}/)?${name}(?:/${name})*$`).test(text)
}
