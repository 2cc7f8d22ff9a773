import { schema } from '@erlmcp/core'
import type { RunnerSelector, WorkflowValue } from '@erlmcp/workflow'
import type { LoginOptions } from './setup.ts'

/** Aliases of a version: `3.1.4` has the minor `3.1` and the major `3`. */
export type TagAlias = 'version' | 'minor' | 'major' | 'latest'

/** All aliases. */
export const aliases: readonly string[] = [
  'version',
  'minor',
  'major',
  'latest',
] satisfies TagAlias[]

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

/** The schema of {@link ReleaseWorkflowOptions}. */
export const releaseWorkflowSchema = object<ReleaseWorkflowOptions>({
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
