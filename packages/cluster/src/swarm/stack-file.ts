import { resolve } from 'node:path'
import { UserError } from '@erlmcp/core'
import { lastLines, requireFile, runDocker } from '@erlmcp/docker'
import { parse } from 'yaml'

/** Where a stack is deployed from, and its name in the swarm. */
export interface SwarmDeployment {
  /** Project directory. */
  readonly root: string
  /** Stack file, relative to `root`. */
  readonly file: string
  /** Name of the stack: what its services, networks and secrets are called after. */
  readonly stack: string
}

/** What is asked of a stack file here, with the variables of the shell in place. */
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
 * The stack file as the docker CLI reads it.
 *
 * @throws UserError when it is not there, or the CLI refuses it
 */
export async function readStackFile({ root, file, stack }: SwarmDeployment): Promise<StackFile> {
  checkStackName(stack)
  const path = resolve(root, file)
  requireFile(path, file, 'stack')
  const { exitCode, stdout, stderr } = await runDocker(['stack', 'config', '-c', path], {
    cwd: root,
    timeout: 30,
  })
  if (exitCode === 0) return parse(stdout)
  throw new UserError({
    message: `docker stack config refuses ${file}`,
    hint: lastLines(stderr || stdout),
  })
}

/** What Docker takes for the names of secrets and networks, which begin with it. */
export function checkStackName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(name)) return
  throw new UserError({
    message: `${JSON.stringify(name)} cannot name a stack`,
    hint: 'Use up to 40 letters, digits, dashes and underscores: --name shop.',
  })
}
