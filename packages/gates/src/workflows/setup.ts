import { posix } from 'node:path'
import { type Keys, schema } from '@erlmcp/core'
import {
  type Deferred,
  deferred,
  type Expression,
  type RunnerSelector,
  run,
  type StepValue,
  secrets,
  type TextValue,
  text,
  uses,
} from '@erlmcp/workflow'

/** How a job of a workflow gets `erlmcp`, and where it runs. */
export interface SetupOptions {
  /** Node.js for actions/setup-node. Default: `22`. */
  readonly node?: string
  /**
   * What installs the project's packages, `erlmcp` among them. Default: what the project's package
   * manager does with its lock file, such as `npm ci`.
   */
  readonly install?: string
  /** Where packages come from that npm's own registry does not have, and the secret with the token. */
  readonly npm?: { readonly registry: string; readonly token: string }
  /** Machine of every job. Default: `ubuntu-24.04`. */
  readonly 'runs-on'?: RunnerSelector
  /** Environment of GitHub that has the secrets. Default: none. */
  readonly environment?: string
}

const { any, anyObject, string } = schema

export const setupKeys: Keys<SetupOptions> = {
  node: string,
  install: string,
  npm: anyObject,
  'runs-on': any,
  environment: string,
}

/** The environment of every job, where there is one. */
export function environmentOf({ environment }: { readonly environment?: string }) {
  return environment === undefined ? {} : { environment }
}

/** The machine of every job. */
export function machineOf(options: { readonly 'runs-on'?: RunnerSelector }): RunnerSelector {
  return options['runs-on'] ?? 'ubuntu-24.04'
}

/**
 * A checkout, and the packages of its lock file.
 *
 * @param depth how many commits; 0 is all of them
 */
export function setup(options: SetupOptions, depth?: number | Expression): StepValue[] {
  const { node = '22', npm } = options
  return [
    uses('actions/checkout', depth === undefined ? {} : { with: { 'fetch-depth': depth } }),
    uses('actions/setup-node', {
      with: { 'node-version': node, ...(npm && { 'registry-url': npm.registry }) },
    }),
    run(options.install ?? deferred(({ install }) => install), {
      name: 'Install erlmcp',
      'working-directory': inProject,
      ...(npm && { env: { NODE_AUTH_TOKEN: secrets(npm.token) } }),
    }),
  ]
}

/** Where the project's commands run. */
export const inProject = deferred(({ workingDirectory }) => workingDirectory)

/** Where actions work, for scripts that share files with them. */
export const atRoot = deferred(({ folder }) => (folder === '' ? '' : '.'))

/** A path in the folder of the stack, as actions take it: from the root of the repository. */
export function inStackFolder(path: string | TextValue | Expression): Deferred {
  return deferred(({ folder }) => {
    if (typeof path === 'string') return posix.join(folder, path)
    return folder === '' ? text`${path}` : text`${`${folder}/`}${path}`
  })
}

/** A command of erlmcp about the stack, run {@link inProject}. */
export function erlmcpCommand(line: (stack: string) => string): Deferred {
  return deferred(({ erlmcp, stack }) => `${erlmcp} ${line(stack)}`)
}

/** Names of the secrets that log in to a registry. */
export interface LoginOptions {
  readonly username: string
  readonly password: string
}

/** A login with secrets, to Docker Hub where no registry is named. */
export function loginStep(registry: string | undefined, names: LoginOptions): StepValue {
  return uses('docker/login-action', {
    with: {
      ...(registry !== undefined && { registry }),
      username: secrets(names.username),
      password: secrets(names.password),
    },
  })
}
