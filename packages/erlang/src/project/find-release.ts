import { type Location, UserError } from '@erlmcp/core'
import type { ErlangProject } from './project.ts'
import type { Release } from './release.ts'
import type { Version } from './version.ts'

/**
 * The release of a name, or the only one; of several versions the highest, which relx builds.
 *
 * @throws UserError with the releases that there are
 */
export function findRelease(project: ErlangProject, name?: string, location?: Location): Release {
  const { releases } = project
  const matching = releases.filter((release) => name === undefined || release.name === name)
  const names = [...new Set(releases.map((release) => release.name))]
  // Of several versions of one release relx builds the highest.
  const found = [...matching].sort((a, b) => compareAsRelx(a.version, b.version)).at(-1)
  if (found && (name !== undefined || names.length === 1)) return found
  const known = releases.map((one) => `${one.name} (${one.location.file}:${one.location.line})`)
  throw new UserError({
    message:
      name === undefined
        ? `expected one release in rebar.config, got ${names.length === 0 ? 'none' : names.join(', ')}`
        : `release ${name} is missing in rebar.config`,
    hint:
      names.length === 0
        ? 'Add {relx, [{release, {Name, Version}, [Application]}]} to rebar.config.'
        : `Set the option release to one of ${known.join(', ')}.`,
    location,
  })
}

/** By numbers, then one with a suffix such as `-rc1` first, then by suffix (`rlx_util:parse_vsn/1`). */
function compareAsRelx({ text: a = '' }: Version, { text: b = '' }: Version): number {
  const [first, second] = [a, b].map((text) => /^[\d.]*/.exec(text)![0])
  const [one, other] = [first!, second!].map((text) => text.split('.').map(Number))
  for (const [index, number] of one!.entries()) {
    const difference = number - (other![index] ?? 0)
    if (difference !== 0) return difference
  }
  const [suffix, otherSuffix] = [a.slice(first!.length), b.slice(second!.length)]
  if (suffix.startsWith('-') !== otherSuffix.startsWith('-')) return suffix.startsWith('-') ? -1 : 1
  return suffix < otherSuffix ? -1 : suffix > otherSuffix ? 1 : 0
}
