import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { ORIGIN, type Origin, type SecretFile, type SecretRecipe } from '@erlmcp/core'
import { pathFault } from './directory.ts'
import { recipeFault } from './recipe-error.ts'
import type { Place } from './secret-file.ts'

/** One secret file that a stack wants, with all its readers. */
export interface Wanted extends Place {
  readonly recipe: SecretRecipe
  /** Whether it encrypts what is kept, so that its earlier contents are kept too. */
  readonly atRest: boolean
  readonly origin: Origin | undefined
  /** Why it cannot be made as described, with the way out. */
  readonly violation: { readonly message: string; readonly hint: string } | undefined
}

/** The files of a stack may share secrets: what is said of one path is put together. */
export function wantedSecrets(project: string, secrets: readonly SecretFile[]): readonly Wanted[] {
  const byPath = new Map<string, Wanted>()
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
      violation: known?.violation ?? faultOf(secret, known),
    })
  }
  return [...byPath.values()]
}

function faultOf({ path, recipe, readers }: SecretFile, known: Wanted | undefined) {
  const wrongPath = pathFault(path)
  if (wrongPath !== undefined) {
    return {
      message: `its path ${wrongPath}`,
      hint: 'Name a path relative to the project, in a directory of its own: secrets/name.',
    }
  }
  const wrongRecipe = recipeFault(recipe)
  if (wrongRecipe !== undefined) {
    return { message: wrongRecipe, hint: 'Change the secret in the stack.' }
  }
  const reader = readers.find((uid) => !Number.isInteger(uid) || uid < 0 || uid >= 2 ** 32 - 1)
  if (reader !== undefined) {
    return {
      message: `its reader ${reader} is no user id`,
      hint: 'Change the secret in the stack.',
    }
  }
  if (known && !isDeepStrictEqual(known.recipe, recipe)) {
    return {
      message: 'the stack describes it twice, differently',
      hint: 'Give one of the two another path, or make them the same.',
    }
  }
  return undefined
}
