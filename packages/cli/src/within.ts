import { UserError } from '@erlmcp/core'
import type { Arguments } from './command.ts'

/** Days that certificates have to last at least: `--within 14d`. */
export function withinOf({ options: { within } }: Arguments): { readonly within?: number } {
  if (typeof within !== 'string') return {}
  const days = /^(\d{1,5})d?$/.exec(within)?.[1]
  if (days !== undefined) return { within: Number(days) }
  throw new UserError({
    message: `--within ${within} is no number of days`,
    hint: 'Write it as 30d or 30.',
  })
}
