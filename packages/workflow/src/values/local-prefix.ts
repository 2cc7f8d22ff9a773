/**
 * What names a file of this repository in `uses`. `$/` is the commit that runs, without a checkout
 * (github.com, runner 2.336 or newer); `./` is the folder of the job, which a checkout fills, and
 * all that GitHub Enterprise Server knows.
 */
export type LocalPrefix = '$/' | './'

/** What the file of a workflow or an action is written for. */
export interface LocalOptions {
  /** What names actions and workflows of this repository. Default: `$/`. `./` for GHES. */
  readonly local?: LocalPrefix
}

export const localKeys = ['local'] satisfies (keyof LocalOptions)[]
