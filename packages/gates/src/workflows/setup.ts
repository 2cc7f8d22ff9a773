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

/** Options of the jobs that run `erlmcp`. */
export interface SetupOptions {
  /** Node.js for actions/setup-node. Default: `22`. */
  readonly node?: string
  /**
   * Command that installs the packages of the project, with `erlmcp`. Default: that of the package
   * manager of the lock file, such as `npm ci`.
   */
  readonly install?: string
  /** Private npm registry, and the GitHub secret with its token. Default: none. */
  readonly npm?: { readonly registry: string; readonly token: string }
  /** Runner of every job. Default: `ubuntu-24.04`. */
  readonly 'runs-on'?: RunnerSelector
  /** GitHub environment with the secrets. Default: none. */
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

/** The `environment` of a job, if set. */
export function environmentOf({ environment }: { readonly environment?: string }) {
  return environment === undefined ? {} : { environment }
}

/** The runner of a job. */
export function machineOf(options: { readonly 'runs-on'?: RunnerSelector }): RunnerSelector {
  return options['runs-on'] ?? 'ubuntu-24.04'
}

/**
 * Steps that check out the repository and install its packages.
 *
 * @param depth number of commits; 0 for all. Default: 1.
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

/** Working directory of the project's commands. */
export const inProject = deferred(({ workingDirectory }) => workingDirectory)

/** Working directory of actions, for scripts that share files with them. */
export const atRoot = deferred(({ folder }) => (folder === '' ? '' : '.'))

/** A path in the folder of the stack, relative to the root of the repository, as actions need it. */
export function inStackFolder(path: string | TextValue | Expression): Deferred {
  return deferred(({ folder }) => {
    if (typeof path === 'string') return posix.join(folder, path)
    return folder === '' ? text`${path}` : text`${`${folder}/`}${path}`
  })
}

/** A command of erlmcp for the stack, to run {@link inProject}. */
export function erlmcpCommand(line: (stack: string) => string): Deferred {
  return deferred(({ erlmcp, stack }) => `${erlmcp} ${line(stack)}`)
}

/** Names of the GitHub secrets for the login to a registry. */
export interface LoginOptions {
  readonly username: string
  readonly password: string
}

/** A login with secrets. Default registry: Docker Hub. */
export function loginStep(registry: string | undefined, names: LoginOptions): StepValue {
  return uses('docker/login-action', {
    with: {
      ...(registry !== undefined && { registry }),
      username: secrets(names.username),
      password: secrets(names.password),
    },
  })
}
