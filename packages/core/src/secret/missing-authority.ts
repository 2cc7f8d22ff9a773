import { locationOf, ORIGIN } from '../document/origin.ts'
import type { Diagnostic } from '../lint/diagnostic.ts'
import type { SecretFile } from './secret.ts'

/**
 * Certificates whose authority is not a source of the stack: `erlmcp secrets init` has no key to sign
 * them.
 */
export function findMissingAuthorities(secrets: readonly SecretFile[]): readonly Diagnostic[] {
  const keys = new Set(
    secrets.flatMap(({ recipe }) =>
      recipe.kind === 'authority' && recipe.part === 'key' ? [recipe.name] : [],
    ),
  )
  return secrets.flatMap((secret) => {
    const { recipe, path } = secret
    const name =
      recipe.kind === 'leaf' ? recipe.authority : recipe.kind === 'authority' && recipe.name
    if (!name || keys.has(name) || recipe.kind === 'random' || recipe.part === 'key') return []
    const location = locationOf(secret[ORIGIN])
    return [
      {
        rule: 'core/authority-missing',
        kind: 'breaks' as const,
        severity: 'warning' as const,
        message: `${path} needs the key of the authority ${name}, which is missing in the sources of the stack`,
        hint: 'Add the value of authority(…) to the sources: stack(name, [authority, compose(…)]).',
        file: location?.file ?? path,
        ...(location && { line: location.line, column: location.column }),
        document: path,
        path: [],
      },
    ]
  })
}
