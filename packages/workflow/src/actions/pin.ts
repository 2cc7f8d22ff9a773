import { ORIGIN, type Origin, originOf, UserError } from '@erlmcp/core'

/** An action or reusable workflow at one commit. */
export interface Pin {
  readonly kind: 'pin'
  /** `owner/repo`, or `owner/repo/path`. */
  readonly action: string
  /** The version of the commit: printed as a comment, for reviewers and for Dependabot. */
  readonly tag: string
  /** The commit, 40 hex digits. */
  readonly sha: string
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * An action that this package does not pin.
 *
 * @param sha of the commit, 40 hex digits: a moved tag has no effect
 * @throws UserError for anything but a full commit
 * @example
 * uses(pin('erlef/setup-beam', 'v1.20.4', 'e6d7c94229049569db56a7ad5a540c051a010af9'))
 */
export function pin(action: `${string}/${string}`, tag: string, sha: string): Pin {
  const origin = originOf(pin)
  const fault = validatePin(action, tag, sha)
  if (fault !== undefined) throw new UserError({ ...fault, origin })
  return Object.freeze({ kind: 'pin', action, tag, sha, [ORIGIN]: origin })
}

/** The fault of a pin, if it has one. */
export function validatePin(
  action: string,
  tag: string,
  sha: string,
): { readonly message: string; readonly hint: string } | undefined {
  if (!/^[\w-]+\/[\w.-]+(?:\/[\w.-]+)*$/.test(action) || action.includes('..')) {
    return {
      message: `invalid action ${JSON.stringify(action)}`,
      hint: 'Write owner/repository, or owner/repository/path.',
    }
  }
  if (!/^[0-9a-f]{40}$/.test(sha)) {
    return {
      message: `invalid commit ${JSON.stringify(sha)} of ${action}`,
      hint: 'Write all 40 hex digits, in lower case: `git ls-remote` prints them.',
    }
  }
  if (!/^[\w][\w.+/-]*$/.test(tag)) {
    return {
      message: `invalid tag ${JSON.stringify(tag)} of ${action}`,
      hint: 'Write the tag of the commit, such as v1.2.3.',
    }
  }
  return undefined
}
