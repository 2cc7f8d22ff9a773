import { resolve } from 'node:path'
import { UserError } from '@erlmcp/core'
import { lastLines, requireFile, runDocker } from '@erlmcp/docker'
import { parse } from 'yaml'

/** A stack file, and its name in the swarm. */
export interface SwarmDeployment {
  /** Project directory. */
  readonly root: string
  /** Stack file, relative to `root`. */
  readonly file: string
  /** Name of the stack, the prefix of its services, networks and secrets. */
  readonly stack: string
}

/** The parts of a stack file that are used here, with variables resolved. */
export interface StackFile {
  readonly services: Readonly<Record<string, StackService>>
  readonly secrets?: Readonly<Record<string, StackContent>>
  readonly configs?: Readonly<Record<string, StackContent>>
}

export interface StackService {
  readonly image?: string
  readonly deploy?: { readonly placement?: { readonly constraints?: readonly string[] } }
}

/** A secret or config: `file` is absolute. */
export interface StackContent {
  readonly name?: string
  readonly file?: string
}

/**
 * Reads a stack file by the docker CLI.
 *
 * @throws UserError where it is missing or invalid
 */
export async function readStackFile({ root, file, stack }: SwarmDeployment): Promise<StackFile> {
  validateStackName(stack)
  const path = resolve(root, file)
  requireFile(path, file, 'stack')
  const { exitCode, stdout, stderr } = await runDocker(['stack', 'config', '-c', path], {
    cwd: root,
    timeout: 30,
  })
  if (exitCode === 0) return parse(stdout)
  throw new UserError({
    message: `docker stack config of ${file} failed`,
    hint: lastLines(stderr || stdout),
  })
}

/** Validates a name that secrets and networks of the stack begin with. */
export function validateStackName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(name)) return
  throw new UserError({
    message: `${JSON.stringify(name)} is not a stack name`,
    hint: 'Use up to 40 letters, digits, dashes and underscores: --name shop.',
  })
}
