import { posix } from 'node:path'
import { ORIGIN, type Origin, originOf, type SecretRecipe, UserError } from '@erlmcp/core'
import type { SecretSpec, SecretValue } from '../schema/author.gen.ts'
import { secret as secretSchema } from '../schema/author-schema.gen.ts'
import type { Interpolation } from './interpolation.ts'
import { validateName } from './name.ts'
import { validateSpec } from './validate-spec.ts'

/**
 * A secret. Services read it at `/run/secrets/<name>`; it is never in the environment.
 *
 * @throws UserError for an invalid name or spec
 * @example
 * const password = secret('postgres-password', { make: random({ bytes: 24 }) })
 */
export function secret(name: string, spec: SecretSpec = {}): SecretValue {
  const origin = originOf(secret)
  validateName('secret', name, origin)
  validateSpec(`secret ${name}`, spec, secretSchema, origin)
  const value: SecretValue = Object.freeze({
    kind: 'secret',
    name,
    spec: Object.freeze({ ...spec }),
    [ORIGIN]: origin,
  })
  validateRecipe(name, spec, origin)
  if (spec.file === undefined && name.startsWith('.') && secretFile(value) !== undefined) {
    throw new UserError({
      message: `the secret ${name} would be in the file ${secretFile(value)}`,
      hint: "Rename it, or set its file: secret(name, { file: './secrets/key' }).",
      origin,
    })
  }
  return value
}

/** Apart from the schema, since the error must not show `make`, which may be a password. */
function validateRecipe(name: string, { make }: SecretSpec, origin: Origin): void {
  if (make === 'operator') return
  if (make === undefined || ['random', 'authority', 'leaf'].includes(make?.kind)) return
  throw new UserError({
    message: `the secret ${name} has an invalid \`make\`: expected a recipe`,
    hint: "Write make: random({ bytes: 32 }), or make: 'operator' if its content comes from elsewhere. Never write a secret into a stack.ts.",
    origin,
  })
}

/**
 * A recipe for random bytes, encoded as text.
 *
 * @param options.bytes From 16 to 1024. Default: 32, which is 256 bits.
 * @param options.encoding Default: `hex`.
 * @throws UserError for an invalid number of bytes or encoding
 * @example
 * secret('erlang-cookie', { make: random({ bytes: 24, encoding: 'base64url' }) })
 */
export function random(
  options: { readonly bytes?: number; readonly encoding?: 'hex' | 'base64url' } = {},
): SecretRecipe {
  const { bytes = 32, encoding = 'hex' } = options
  const refuse = (message: string, hint: string): never => {
    throw new UserError({ message, hint, origin: originOf(random) })
  }
  if (!Number.isInteger(bytes) || bytes < 16 || bytes > 1024) {
    refuse(
      `random: expected 16 to 1024 bytes, got ${String(bytes)}`,
      'Leave `bytes` out for 32, which are 256 bits.',
    )
  }
  if (!['hex', 'base64url'].includes(encoding)) {
    refuse(`random: unknown encoding ${JSON.stringify(encoding)}`, 'Use hex or base64url.')
  }
  return { kind: 'random', bytes, encoding }
}

/** The file of a secret, relative to the compose file; undefined where it is external or from the environment. */
export function definedFile({ name, spec }: SecretValue): string | Interpolation | undefined {
  const elsewhere = spec.external ?? spec.environment ?? spec.driver
  return spec.file ?? (elsewhere === undefined ? `./secrets/${name}` : undefined)
}

/** The file that `erlmcp secrets init` creates; undefined where the operator provides it. */
export function secretFile(value: SecretValue): string | undefined {
  const file = definedFile(value)
  const { make } = value.spec
  if (typeof file !== 'string' || make === 'operator') return undefined
  return isOutside(file) && make === undefined ? undefined : file
}

/** Whether a file is outside the project. */
export function isOutside(file: string): boolean {
  return /^(?:[/~]|[A-Za-z]:)/.test(file) || posix.normalize(file).startsWith('..')
}
