import { UserError } from '@erlmcp/core'
import type { Contents, NamedVolume, Server } from '../contents.ts'
import type { Manifest, SavedPostgres, SavedRedis, SavedVolume } from '../set/manifest.ts'

/** Each part of a set with its counterpart in the deployment. */
export interface RestoreTarget {
  readonly postgres: readonly { readonly saved: SavedPostgres; readonly server: Server }[]
  readonly redis: readonly { readonly saved: SavedRedis; readonly server: Server }[]
  readonly volumes: readonly { readonly saved: SavedVolume; readonly volume: NamedVolume }[]
}

/**
 * Matches the parts of a set with a deployment.
 *
 * @param from project of the set, where the user has named another one
 * @throws UserError where the set is of another project, or the deployment lacks a part
 */
export function matchTarget(manifest: Manifest, contents: Contents, from?: string): RestoreTarget {
  const { project } = contents
  if (manifest.project !== (from ?? project)) {
    throw new UserError({
      message: `the set: expected project ${from ?? project}, got ${manifest.project}`,
      hint: `To restore it into ${project}, add --from ${manifest.project}.`,
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

function missing(item: string): never {
  throw new UserError({
    message: `the deployment has no ${item} for the set`,
    hint: 'Start the deployment with the compose file of the backup, including its profiles.',
    kind: 'environment',
  })
}
