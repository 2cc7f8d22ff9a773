import { type Schema, schema } from '@erlmcp/core'

/**
 * Prefix of a path of this repository in `uses`. `$/` names the commit that runs and needs no
 * checkout (github.com, runner 2.336 or newer); `./` names the folder of the job, which a checkout
 * fills, and is all that GitHub Enterprise Server supports.
 */
export type LocalPrefix = '$/' | './'

/** Options for the server that runs a workflow or an action. */
export interface LocalOptions {
  /** Prefix of paths of this repository. Default: `$/`. Write `./` for GHES. */
  readonly local?: LocalPrefix
}

/** What validates {@link LocalOptions}. */
export const localOptions: Schema = schema.object<LocalOptions>({
  local: schema.oneOf('$/', './'),
})
