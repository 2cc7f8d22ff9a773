import { type Origin, UserError } from '@erlmcp/core'

/**
 * @throws UserError for a name that is not a valid key of `services`, `networks`, `volumes`, … (Compose schema)
 */
export function validateName(kind: string, name: string, origin: Origin | undefined): void {
  const isText = typeof name === 'string'
  if (isText && /^[a-zA-Z0-9._-]+$/.test(name) && name !== '__proto__') return
  throw new UserError({
    message: `${JSON.stringify(name)} is not a valid ${kind} name`,
    hint: isText
      ? 'Use letters, digits, dots, dashes and underscores.'
      : `Begin with its name: ${kind}('name', …).`,
    origin,
  })
}
