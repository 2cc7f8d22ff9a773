import { type Location, UserError } from '@erlmcp/core'
import type { ErlangProject } from './project.ts'
import type { Release } from './release.ts'

/**
 * The release of a name, or the only one.
 *
 * @throws UserError with the releases that there are
 */
export function findRelease(project: ErlangProject, name?: string, location?: Location): Release {
  const { releases } = project
  const matching = releases.filter((release) => name === undefined || release.name === name)
  const names = [...new Set(releases.map((release) => release.name))]
  // Of several versions of one release relx builds the last one without being asked.
  const found = matching.at(-1)
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
