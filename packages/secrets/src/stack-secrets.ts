import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { ORIGIN, type Origin, type SecretFile, type SecretRecipe } from '@erlmcp/core'
import { findPathError } from './file/directory.ts'
import type { SecretTarget } from './file/secret-file.ts'
import { findRecipeError } from './recipe-error.ts'

/** A secret file of a stack, with all its readers. */
export interface StackSecret extends SecretTarget {
  readonly recipe: SecretRecipe
  /** Whether it encrypts data at rest, so that its previous contents are kept too. */
  readonly atRest: boolean
  readonly origin: Origin | undefined
  /** Why it cannot be created as described. */
  readonly violation: { readonly message: string; readonly hint: string } | undefined
}

/** Merges the secrets of the files of a stack by path. */
export function collectSecrets(
  project: string,
  secrets: readonly SecretFile[],
): readonly StackSecret[] {
  const byPath = new Map<string, StackSecret>()
  for (const secret of secrets) {
    const { path, recipe, readers } = secret
    const known = byPath.get(path)
    byPath.set(path, {
      path,
      file: join(project, path),
      recipe: known?.recipe ?? recipe,
      atRest: known?.atRest || secret.atRest === true,
      readers: [...new Set([...(known?.readers ?? []), ...readers])].sort((a, b) => a - b),
      origin: known?.origin ?? secret[ORIGIN],
      violation: known?.violation ?? findError(secret, known),
    })
  }
  return [...byPath.values()]
}

function findError({ path, recipe, readers }: SecretFile, known: StackSecret | undefined) {
  const wrongPath = findPathError(path)
  if (wrongPath !== undefined) {
    return {
      message: `path ${wrongPath}`,
      hint: 'Choose a path relative to the project, in a directory of its own: secrets/name.',
    }
  }
  const wrongRecipe = findRecipeError(recipe)
  if (wrongRecipe !== undefined) {
    return { message: wrongRecipe, hint: 'Change the secret in the stack.' }
  }
  const reader = readers.find((uid) => !Number.isInteger(uid) || uid < 0 || uid >= 2 ** 32 - 1)
  if (reader !== undefined) {
    return {
      message: `invalid reader ${reader}: expected a user id`,
      hint: 'Change the secret in the stack.',
    }
  }
  if (known && !isDeepStrictEqual(known.recipe, recipe)) {
    return {
      message: 'defined twice in the stack, with different recipes',
      hint: 'Give one of them another path, or give both the same recipe.',
    }
  }
  return undefined
}
