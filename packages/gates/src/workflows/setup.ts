import type { OptionKinds } from '@erlmcp/core'
import { type Expression, type Machine, run, type StepValue, secrets, uses } from '@erlmcp/workflow'

/** How a job of a workflow gets `erlmcp`, and where it runs. */
export interface SetupOptions {
  /** Node.js for actions/setup-node. Default: `22`. */
  readonly node?: string
  /** What installs the project's packages, `erlmcp` among them. Default: `npm ci`. */
  readonly install?: string
  /** Where packages come from that npm's own registry does not have, and the secret with the token. */
  readonly npm?: { readonly registry: string; readonly token: string }
  /** Machine of every job. Default: `ubuntu-24.04`. */
  readonly 'runs-on'?: Machine
  /** Environment of GitHub that has the secrets. Default: none. */
  readonly environment?: string
}

export const setupKinds: OptionKinds<SetupOptions> = {
  node: 'text',
  install: 'text',
  npm: 'an object',
  'runs-on': 'anything',
  environment: 'text',
}

/** The environment of every job, where there is one. */
export function environmentOf({ environment }: { readonly environment?: string }) {
  return environment === undefined ? {} : { environment }
}

/** The machine of every job. */
export function machineOf(options: { readonly 'runs-on'?: Machine }): Machine {
  return options['runs-on'] ?? 'ubuntu-24.04'
}

/**
 * A checkout, and the packages of its lock file.
 *
 * @param depth how many commits; 0 is all of them
 */
export function setup(options: SetupOptions, depth?: number | Expression): StepValue[] {
  const { node = '22', install = 'npm ci', npm } = options
  return [
    uses('actions/checkout', depth === undefined ? {} : { with: { 'fetch-depth': depth } }),
    uses('actions/setup-node', {
      with: { 'node-version': node, ...(npm && { 'registry-url': npm.registry }) },
    }),
    run(install, {
      name: 'Install erlmcp',
      ...(npm && { env: { NODE_AUTH_TOKEN: secrets(npm.token) } }),
    }),
  ]
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
