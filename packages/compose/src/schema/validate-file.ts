import type { Origin } from '@erlmcp/core'
import { file } from './file-schema.gen.ts'
import { validateEntry } from './validate.ts'

/**
 * Validates the data of a compose file that did not come from our values against the specification.
 *
 * @throws UserError with every unknown key and every value of another type
 */
export function validateFile(data: object, origin?: Origin): void {
  validateEntry(file, data, origin)
}
