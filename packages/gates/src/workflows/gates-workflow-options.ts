import { schema } from '@erlmcp/core'
import { type LoginOptions, type SetupOptions, setupKeys } from './setup.ts'

export interface GatesWorkflowOptions extends SetupOptions {
  /** Path of the file. Default: `.github/workflows/gates.yml`, or `gates-NAME.yml` for a named set. */
  readonly path?: `.github/workflows/${string}`
  /** Branches whose pushes are checked, besides pull requests and merge queues. Default: `main`. */
  readonly branches?: readonly string[]
  /** Registry of private images, and names of the secrets for the login. Default: no login. */
  readonly login?: LoginOptions & { readonly registry?: string }
  /**
   * Secret files for the gates and their dependencies, by names of GitHub secrets:
   * `{ 'hex-key': 'HEX_KEY' }` writes `secrets/hex-key`. Default: none.
   */
  readonly secrets?: Readonly<Record<string, string>>
  /** Whether `erlmcp secrets init` creates the other secret files. Default: if gates have secrets. */
  readonly secretsInit?: boolean
  /**
   * Secrets for the build of the image (`RUN --mount=type=secret,id=…`), by names of GitHub secrets.
   * They are in no layer, argument or log. Default: none.
   */
  readonly buildSecrets?: Readonly<Record<string, string>>
  /** GitHub secret with a private key for `RUN --mount=type=ssh`. Default: none. */
  readonly ssh?: string
}

const { anyList, anyObject, boolean, object, string } = schema

/** The schema of {@link GatesWorkflowOptions}. */
export const gatesWorkflowSchema = object<GatesWorkflowOptions>({
  path: string,
  branches: anyList,
  login: anyObject,
  secrets: anyObject,
  secretsInit: boolean,
  buildSecrets: anyObject,
  ssh: string,
  ...setupKeys,
})
