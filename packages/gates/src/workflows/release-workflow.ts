import { type BuiltImage, originOf, UserError, validateOptions } from '@erlmcp/core'
import { github, text, type WorkflowValue, workflow } from '@erlmcp/workflow'
import { buildJob } from './release-build.ts'
import {
  aliases,
  type Release,
  type ReleaseWorkflowOptions,
  releaseWorkflowSchema,
} from './release-options.ts'
import { githubReleaseJob, publishJob } from './release-publish.ts'
import { verifyJob } from './release-verify.ts'

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
  validateOptions('releaseWorkflow(…)', options, releaseWorkflowSchema, origin)
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
