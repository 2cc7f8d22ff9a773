import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { describeFileKind, UserError } from '@erlmcp/core'
import { docker } from './run.ts'

/** A compose file and where it is deployed. */
export interface Deployment {
  /** Project directory. */
  readonly root: string
  /** Compose file, relative to `root`. */
  readonly file: string
  /** Name of the Compose project. Default: the file's own. */
  readonly project?: string
}

/**
 * Returns the arguments of a `docker compose` command for a deployment.
 *
 * @throws UserError where its file is missing
 * @example docker([...composeArgs({ root: '.', file: 'compose.yaml' }), 'config'])
 */
export function composeArgs({ root, file, project }: Deployment): readonly string[] {
  const path = resolve(root, file)
  requireFile(path, file, 'compose')
  const named = project === undefined ? [] : ['--project-name', project]
  return ['compose', ...named, '--progress', 'quiet', '--file', path]
}

/**
 * Requires a regular file: docker would wait for ever for a pipe.
 *
 * @param path absolute
 * @param file the path in an error
 * @throws UserError of kind `environment`
 */
export function requireFile(path: string, file: string, kind: 'compose' | 'stack'): void {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isFile()) return
  throw new UserError({
    message: stats
      ? `${file}: expected a ${kind} file, got ${describeFileKind(stats)}`
      : `${kind} file not found: ${file}`,
    hint: `Run \`erlmcp synth\` first, or name the ${kind} file with --file.`,
    kind: 'environment',
  })
}

/** A container as `docker compose ps` lists it. */
export interface ComposeContainer {
  readonly ID: string
  readonly Service: string
  readonly State: string
}

/** Lists the containers of a deployment, running or not. */
export async function listComposeContainers(
  deployment: Deployment,
): Promise<readonly ComposeContainer[]> {
  const args = [...composeArgs(deployment), 'ps', '--all', '--no-trunc', '--format', 'json']
  return (await docker(args, { cwd: deployment.root, timeout: 60 }))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): ComposeContainer => JSON.parse(line))
}
