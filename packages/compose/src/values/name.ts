import { type Origin, UserError } from '@erlmcp/core'

/**
 * Refuses what cannot be a key of `services`, `networks`, `volumes`, … (Compose schema).
 *
 * @throws UserError
 */
export function validateName(kind: string, name: string, origin: Origin | undefined): void {
  const isText = typeof name === 'string'
  if (isText && /^[a-zA-Z0-9._-]+$/.test(name) && name !== '__proto__') return
  throw new UserError({
    message: `${JSON.stringify(name)} cannot name a ${kind}`,
    hint: isText
      ? 'Use letters, digits, dots, dashes and underscores.'
      : `Begin with its name: ${kind}('name', …).`,
    origin,
  })
}
