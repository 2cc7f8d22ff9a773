import { posix } from 'node:path'
import { ORIGIN, type Origin, originOf, type SecretRecipe, UserError } from '@erlmcp/core'
import type { Secret } from '../document.ts'
import { secret as secretSchema } from '../schema/resource.ts'
import { validateKeys } from '../schema/validate.ts'
import type { Authored } from './authored.ts'
import { type Interpolation, isInterpolation } from './interpolation.ts'
import { validateName } from './name.ts'

export interface SecretSpec extends Authored<Omit<Secret, 'file'>> {
  /**
   * File that holds it, relative to the compose file. One outside the project, or named by a
   * variable, is the operator's: nothing makes it.
   * Default: `./secrets/<name>`, unless it is external or taken from the shell.
   */
  readonly file?: string | Interpolation
  /**
   * How `erlmcp secrets init` makes the file; `operator` where nothing does, since the content comes
   * from elsewhere, as a token of a registry. Default: 32 random bytes in hexadecimal.
   */
  readonly make?: SecretRecipe | 'operator'
  /**
   * Whether it encrypts what is kept, such as columns of a database: `erlmcp secrets rotate` keeps
   * the contents that it had in `<file>.previous`. Default: false.
   */
  readonly atRest?: boolean
}

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
      hint: "Name it otherwise, or say its file: secret(name, { file: './secrets/key' }).",
      origin,
    })
  }
  return value
}

/** A `stack.ts` runs without being type-checked, and a password may be written for a recipe. */
function validateRecipe(name: string, { make, file, atRest }: SecretSpec, origin: Origin): void {
  const refuse = (message: string, hint: string): never => {
    throw new UserError({ message: `the secret ${name} ${message}`, hint, origin })
  }
  if (file !== undefined && typeof file !== 'string' && !isInterpolation(file)) {
    refuse('has a file that is no path', `Write file: './secrets/${name}'.`)
  }
  if (atRest !== undefined && typeof atRest !== 'boolean') {
    refuse(
      `has atRest: expected true or false, got ${JSON.stringify(atRest)}`,
      'Write atRest: true.',
    )
  }
  if (make === 'operator') return
  if (make !== undefined && !['random', 'authority', 'leaf'].includes(make?.kind)) {
    refuse(
      'has a `make` that is no recipe',
      "Write make: random({ bytes: 32 }), or make: 'operator' for one from elsewhere; a secret itself never stands in a stack.ts.",
    )
  }
}

/**
 * A secret of random bytes, written as text.
 *
 * @param options.bytes From 16 to 1024. Default: 32, which is 256 bits.
 * @param options.encoding Default: `hex`.
 * @throws UserError for less bytes than nobody can guess, or another encoding
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
    refuse(`a secret of ${String(bytes)} bytes`, 'Take from 16 to 1024; 32 are 256 bits.')
  }
  if (!['hex', 'base64url'].includes(encoding)) {
    refuse(`the encoding ${JSON.stringify(encoding)} of a secret`, 'Use hex or base64url.')
  }
  return { kind: 'random', bytes, encoding }
}

/** The file of a secret as the compose file names it; undefined where it is external, or of the shell. */
export function definedFile({ name, spec }: SecretValue): string | Interpolation | undefined {
  const elsewhere = spec.external ?? spec.environment ?? spec.driver
  return spec.file ?? (elsewhere === undefined ? `./secrets/${name}` : undefined)
}

/** The file that `erlmcp secrets init` makes, or undefined where the operator brings it. */
export function secretFile(value: SecretValue): string | undefined {
  const file = definedFile(value)
  const { make } = value.spec
  if (typeof file !== 'string' || make === 'operator') return undefined
  return isOutside(file) && make === undefined ? undefined : file
}

/** Whether a file is outside the project: on the machine of who runs it. */
export function isOutside(file: string): boolean {
  return /^(?:[/~]|[A-Za-z]:)/.test(file) || posix.normalize(file).startsWith('..')
}
