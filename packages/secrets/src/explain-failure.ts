import { getSystemErrorMap } from 'node:util'
import { UserError } from '@erlmcp/core'

/**
 * What went wrong with one secret, in words.
 *
 * @param verb such as `made`: it could not be that
 * @throws the error itself when it is neither a person's mistake nor the system's
 */
export function problemOf(
  error: unknown,
  verb: string,
  hint: string,
): { readonly message: string; readonly hint: string } {
  if (error instanceof UserError) return { message: error.summary, hint: error.hint }
  const { errno, syscall } = error as NodeJS.ErrnoException
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno)
  if (known === undefined) throw error
  return { message: `it could not be ${verb}: ${known[1]} (${syscall})`, hint }
}
