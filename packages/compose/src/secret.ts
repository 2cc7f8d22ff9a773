import { ORIGIN, type Origin, originOf, type SecretRecipe, UserError } from '@erlmcp/core'
import type { Authored } from './authored.ts'
import type { Secret } from './document.ts'
import { resourceKeys } from './keys.ts'
import { refuseUnknownKeys } from './known-keys.ts'
import { checkName } from './name.ts'

export interface SecretSpec extends Authored<Omit<Secret, 'file'>> {
  /**
   * File that holds it, relative to the compose file.
   * Default: `./secrets/<name>`, unless it is external or taken from the shell.
   */
  readonly file?: string
  /** How `erlmcp secrets init` makes the file. Default: 32 random bytes in hexadecimal. */
  readonly make?: SecretRecipe
}

const keys = { ...resourceKeys.secrets, make: true }

/** A secret as a value; it is in a file when a service of that file may read it. */
export interface SecretValue {
  readonly kind: 'secret'
  readonly name: string
  readonly spec: SecretSpec
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * A secret. Services read it at `/run/secrets/<name>`; it is never in the environment.
 *
 * @throws UserError when the name cannot be one.
 * @example
 * const password = secret('postgres-password', { make: random({ bytes: 24 }) })
 */
export function secret(name: string, spec: SecretSpec = {}): SecretValue {
  const origin = originOf(secret)
  checkName('secret', name, origin)
  refuseUnknownKeys(spec, keys, 'secret', name, origin)
  const value: SecretValue = Object.freeze({
    kind: 'secret',
    name,
    spec: Object.freeze({ ...spec }),
    [ORIGIN]: origin,
  })
  if (spec.file === undefined && name.startsWith('.') && secretFile(value) !== undefined) {
    throw new UserError({
      what: `the secret ${name} would be in the file ${secretFile(value)}`,
      help: "Name it otherwise, or say its file: secret(name, { file: './secrets/key' }).",
      origin,
    })
  }
  return value
}

/**
 * A secret of random bytes, written as text.
 *
 * @param options.bytes Default: 32, which is 256 bits.
 * @param options.encoding Default: `hex`.
 * @example
 * secret('erlang-cookie', { make: random({ bytes: 24, encoding: 'base64url' }) })
 */
export function random(
  options: { readonly bytes?: number; readonly encoding?: 'hex' | 'base64url' } = {},
): SecretRecipe {
  return { kind: 'random', bytes: options.bytes ?? 32, encoding: options.encoding ?? 'hex' }
}

/** The file of a secret, or undefined where it has none: external, or of the shell. */
export function secretFile({ name, spec }: SecretValue): string | undefined {
  const elsewhere = spec.external ?? spec.environment ?? spec.driver
  return spec.file ?? (elsewhere === undefined ? `./secrets/${name}` : undefined)
}
