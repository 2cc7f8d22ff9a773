import { UserError } from '@erlmcp/core'
import type { Contents, NamedVolume, Server } from './contents.ts'
import type { Manifest, SavedPostgres, SavedRedis, SavedVolume } from './manifest.ts'

/** Each part of a set, beside what of the deployment it is for. */
export interface Target {
  readonly postgres: readonly { readonly saved: SavedPostgres; readonly server: Server }[]
  readonly redis: readonly { readonly saved: SavedRedis; readonly server: Server }[]
  readonly volumes: readonly { readonly saved: SavedVolume; readonly volume: NamedVolume }[]
}

/**
 * Where the parts of a set belong.
 *
 * @param from the project of the set, where the person says that it is another one's
 * @throws UserError when the set is another project's, or has what the deployment has not
 */
export function targetOf(manifest: Manifest, contents: Contents, from?: string): Target {
  const { project } = contents
  if (manifest.project !== (from ?? project)) {
    throw new UserError({
      message: `the set is of the project ${manifest.project}, and not of ${from ?? project}`,
      hint: `If ${project} shall get its data: --from ${manifest.project}.`,
    })
  }
  const server = (list: readonly Server[], service: string) =>
    list.find((one) => one.service === service) ?? missing(`service ${service}`)
  return {
    postgres: manifest.postgres.map((saved) => ({
      saved,
      server: server(contents.postgres, saved.service),
    })),
    redis: manifest.redis.map((saved) => ({
      saved,
      server: server(contents.redis, saved.service),
    })),
    volumes: manifest.volumes.map((saved) => {
      const volume = contents.volumes.find((one) => one.volume === saved.volume)
      return { saved, volume: volume ?? missing(`volume ${saved.volume}`) }
    }),
  }
}

function missing(message: string): never {
  throw new UserError({
    message: `the set has the ${message}, which the deployment has not`,
    hint: 'Start the deployment from the compose file that it was saved with, profiles included.',
    kind: 'environment',
  })
}
