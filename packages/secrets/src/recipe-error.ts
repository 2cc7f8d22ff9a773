import { isIP } from 'node:net'
import type { SecretRecipe } from '@erlmcp/core'

// RFC 1123 host names, `_` as Compose service names have it, a `*` for the first label.
const dnsName =
  /^(?=.{1,253}$)(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*$/

// A common name ends at 64 characters (RFC 5280 appendix A, ub-common-name).
const commonName = /^[\p{L}\p{N}_](?:[\p{L}\p{N} ._-]{0,62}[\p{L}\p{N}_])?$/u

/** Whether a name is one for subjectAltName: a DNS name, or an IP address without a zone. */
export function isAlternativeName(name: string): boolean {
  return name.includes('%') ? false : isIP(name) !== 0 || dnsName.test(name)
}

/** Finds why no content can be created from a recipe. */
export function findRecipeError(recipe: SecretRecipe): string | undefined {
  if (recipe.kind === 'random') {
    if (Number.isInteger(recipe.bytes) && recipe.bytes >= 16 && recipe.bytes <= 1024) return
    return `${recipe.bytes} random bytes: expected an integer from 16 to 1024`
  }
  for (const name of recipe.kind === 'leaf' ? [recipe.name, recipe.authority] : [recipe.name]) {
    if (commonName.test(name)) continue
    return `${JSON.stringify(name)} is not a common name: expected up to 64 letters, digits, spaces, dots and dashes`
  }
  if (recipe.kind === 'authority') return
  if (recipe.names.length === 0)
    return `the certificate ${recipe.name} has neither a DNS name nor an IP address`
  const wrong = recipe.names.find((name) => !isAlternativeName(name))
  if (wrong !== undefined) return `${JSON.stringify(wrong)} is neither a DNS name nor an IP address`
  if (recipe.usages.length === 0)
    return `the certificate ${recipe.name} is for neither server nor client`
  return
}
