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
  help: string,
): { readonly what: string; readonly help: string } {
  if (error instanceof UserError) return { what: error.what, help: error.help }
  const { errno, syscall } = error as NodeJS.ErrnoException
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno)
  if (known === undefined) throw error
  return { what: `it could not be ${verb}: ${known[1]} (${syscall})`, help }
}
