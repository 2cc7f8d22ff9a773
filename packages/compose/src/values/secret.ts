import { posix } from 'node:path'
import {
  formatValue,
  ORIGIN,
  type Origin,
  originOf,
  type SecretRecipe,
  UserError,
} from '@erlmcp/core'
import type { Secret } from '../document.ts'
import { secret as secretSchema } from '../schema/render-schema.gen.ts'
import { validateKeys } from '../schema/validate.ts'
import type { Authored } from './authored.ts'
import { type Interpolation, isInterpolation } from './interpolation.ts'
import { validateName } from './name.ts'

export interface SecretSpec extends Authored<Omit<Secret, 'file'>> {
  /**
   * The file of the secret, relative to the compose file. The operator provides a file outside the
   * project, or one that a variable names.
   * Default: `./secrets/<name>`, unless the secret is external or comes from the environment.
   */
  readonly file?: string | Interpolation
  /**
   * How `erlmcp secrets init` creates the file; `operator` where the content comes from elsewhere, such
   * as the token of a registry. Default: 32 random bytes in hexadecimal.
   */
  readonly make?: SecretRecipe | 'operator'
  /**
   * Whether it encrypts stored data, such as columns of a database: `erlmcp secrets rotate` keeps its
   * previous contents in `<file>.previous`. Default: false.
   */
  readonly atRest?: boolean
}

/** A secret as a value. A compose file has the secrets that its services use. */
export interface SecretValue {
  readonly kind: 'secret'
  readonly name: string
  readonly spec: SecretSpec
  readonly [ORIGIN]?: Origin | undefined
}

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
  validateKeys(`secret ${name}`, spec, secretSchema, origin, ['make', 'atRest'])
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

/** A `stack.ts` runs without being type-checked. The error does not show `make`, which may be a password. */
function validateRecipe(name: string, { make, file, atRest }: SecretSpec, origin: Origin): void {
  const refuse = (message: string, hint: string): never => {
    throw new UserError({ message: `the secret ${name} ${message}`, hint, origin })
  }
  if (file !== undefined && typeof file !== 'string' && !isInterpolation(file)) {
    refuse(
      `has an invalid file: expected a path, got ${formatValue(file)}`,
      `Write file: './secrets/${name}'.`,
    )
  }
  if (atRest !== undefined && typeof atRest !== 'boolean') {
    refuse(
      `has an invalid atRest: expected true or false, got ${JSON.stringify(atRest)}`,
      'Write atRest: true.',
    )
  }
  if (make === 'operator') return
  if (make !== undefined && !['random', 'authority', 'leaf'].includes(make?.kind)) {
    refuse(
      'has an invalid `make`: expected a recipe',
      "Write make: random({ bytes: 32 }), or make: 'operator' if its content comes from elsewhere. Never write a secret into a stack.ts.",
    )
  }
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
