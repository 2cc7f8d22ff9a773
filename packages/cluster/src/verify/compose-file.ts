import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { UserError } from '@erlmcp/core'
import { kindOf } from '../directory.ts'

/** Where a cluster runs. */
export interface Deployment {
  /** Project directory. */
  readonly root: string
  /** Compose file with the services of the cluster, relative to `root`. */
  readonly file: string
  /** Name of the compose project. Default: the file's own. */
  readonly project?: string
}

/**
 * Refuses what docker would wait for, or not read: a file that is missing, a pipe, a device.
 *
 * @param path absolute
 * @param file for words
 */
export function refuseNoFile(path: string, file: string, kind: 'compose' | 'stack'): void {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isFile()) return
  throw new UserError({
    message: stats
      ? `${file}: expected a ${kind} file, got ${kindOf(stats)}`
      : `there is no ${file}`,
    hint: `Run \`erlmcp synth\` first, or name the ${kind} file with --file.`,
    kind: 'environment',
  })
}

/** Words of a `docker compose` command for it. */
export function composeOf({ root, file, project }: Deployment): string[] {
  const path = resolve(root, file)
  refuseNoFile(path, file, 'compose')
  const named = project === undefined ? [] : ['--project-name', project]
  return ['compose', ...named, '--progress', 'quiet', '--file', path]
}
