import { ORIGIN, type Origin, originOf, UserError } from '@erlmcp/core'

/** An action or reusable workflow at one commit. */
export interface Pin {
  readonly kind: 'pin'
  /** `owner/repo`, or `owner/repo/path`. */
  readonly action: string
  /** The version that the commit has: printed behind it, for people and for Dependabot. */
  readonly tag: string
  /** The commit, 40 hex digits. */
  readonly sha: string
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * An action that this package has no pin of.
 *
 * @param sha of the commit, 40 hex digits: whoever moves the tag moves nothing here
 * @throws UserError for anything but a full commit
 * @example
 * uses(pin('erlef/setup-beam', 'v1.20.4', 'e6d7c94229049569db56a7ad5a540c051a010af9'))
 */
export function pin(action: `${string}/${string}`, tag: string, sha: string): Pin {
  const origin = originOf(pin)
  const problem = validatePin(action, tag, sha)
  if (problem !== undefined) throw new UserError({ ...problem, origin })
  return Object.freeze({ kind: 'pin', action, tag, sha, [ORIGIN]: origin })
}

/** What is wrong with a pin, if anything is. */
export function validatePin(
  action: string,
  tag: string,
  sha: string,
): { readonly message: string; readonly hint: string } | undefined {
  if (!/^[\w-]+\/[\w.-]+(?:\/[\w.-]+)*$/.test(action) || action.includes('..')) {
    return {
      message: `${JSON.stringify(action)} names no action`,
      hint: 'Write owner/repository, or owner/repository/path.',
    }
  }
  if (!/^[0-9a-f]{40}$/.test(sha)) {
    return {
      message: `${JSON.stringify(sha)} is no commit of ${action}`,
      hint: 'Give all 40 hex digits, in lower case: `git ls-remote` prints them.',
    }
  }
  if (!/^[\w][\w.+/-]*$/.test(tag)) {
    return {
      message: `${JSON.stringify(tag)} is no tag of ${action}`,
      hint: 'Give the tag that the commit has, such as v1.2.3.',
    }
  }
  return undefined
}
