import { formatValue, isBranded, type Origin, UserError } from '@erlmcp/core'
import { isInterpolation } from './interpolation.ts'

/** @throws UserError for an invalid source or target */
export function validateMount(source: unknown, target: unknown, origin: Origin): void {
  const isText = typeof source === 'string' || isInterpolation(source)
  const isDocument = typeof source === 'object' && source !== null && 'format' in source
  if (!isText && !isDocument && !isBranded(source, 'volume')) {
    throw new UserError({
      message: `mount: expected a volume, a path or a document as source, got ${formatValue(source)}`,
      hint: "Write mount(volume('data'), '/var/lib/app').",
      origin,
    })
  }
  if (typeof target === 'string' || isInterpolation(target)) return
  throw new UserError({
    message: `mount: expected a path in the container as target, got ${formatValue(target)}`,
    hint: "Write mount(volume('data'), '/var/lib/app').",
    origin,
  })
}
