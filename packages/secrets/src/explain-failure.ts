import { getSystemErrorMap } from 'node:util'
import { UserError } from '@erlmcp/core'

/**
 * Explains why a secret could not be processed.
 *
 * @param verb such as `created`
 * @throws the error itself where it is neither a UserError nor one of the system
 */
export function explainFailure(
  error: unknown,
  verb: string,
  hint: string,
): { readonly message: string; readonly hint: string } {
  if (error instanceof UserError) return { message: error.summary, hint: error.hint }
  const { errno, syscall } = error as NodeJS.ErrnoException
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno)
  if (known === undefined) throw error
  return { message: `could not be ${verb}: ${known[1]} (${syscall})`, hint }
}
