import type { PinnedAction } from './pins.ts'

/** The inputs of an action at the commit that this package pins. */
export interface ActionInputs {
  readonly inputs: readonly string[]
  /** Those that it cannot do without. */
  readonly required?: readonly string[]
}

/** From the `action.yml` of each action, at those versions. */
const knownInputs = {
  'actions/attest': {
    inputs: [
      ...(['create-storage-record', 'github-token', 'predicate', 'predicate-path'] as const),
      ...(['predicate-type', 'push-to-registry', 'sbom-path', 'show-summary'] as const),
      ...(['subject-checksums', 'subject-digest', 'subject-name', 'subject-path'] as const),
      ...(['subject-version'] as const),
    ],
  },
  'actions/cache': {
    inputs: [
      ...(['enableCrossOsArchive', 'fail-on-cache-miss', 'key', 'lookup-only'] as const),
      ...(['path', 'restore-keys', 'save-always', 'upload-chunk-size'] as const),
    ],
    required: ['path', 'key'],
  },
  'actions/checkout': {
    inputs: [
      ...(['allow-unsafe-pr-checkout', 'clean', 'fetch-depth', 'fetch-tags'] as const),
      ...(['filter', 'github-server-url', 'lfs', 'path', 'persist-credentials'] as const),
      ...(['ref', 'repository', 'set-safe-directory', 'show-progress'] as const),
      ...(['sparse-checkout', 'sparse-checkout-cone-mode', 'ssh-key'] as const),
      ...(['ssh-known-hosts', 'ssh-strict', 'ssh-user', 'submodules', 'token'] as const),
    ],
  },
  'actions/download-artifact': {
    inputs: [
      ...(['artifact-ids', 'digest-mismatch', 'github-token', 'merge-multiple'] as const),
      ...(['name', 'path', 'pattern', 'repository', 'run-id', 'skip-decompress'] as const),
    ],
  },
  'actions/setup-node': {
    inputs: [
      ...(['architecture', 'cache', 'cache-dependency-path', 'check-latest'] as const),
      ...(['mirror', 'mirror-token', 'node-version', 'node-version-file'] as const),
      ...(['package-manager-cache', 'registry-url', 'scope', 'token'] as const),
    ],
  },
  'actions/upload-artifact': {
    inputs: [
      ...(['archive', 'compression-level', 'if-no-files-found'] as const),
      ...(['include-hidden-files', 'name', 'overwrite', 'path', 'retention-days'] as const),
    ],
    required: ['path'],
  },
  'aquasecurity/trivy-action': {
    inputs: [
      ...(['cache', 'cache-dir', 'docker-host', 'exit-code', 'format', 'github-pat'] as const),
      ...(['hide-progress', 'ignore-policy', 'ignore-unfixed', 'image-ref', 'input'] as const),
      ...(['limit-severities-for-sarif', 'list-all-pkgs', 'output', 'scan-ref'] as const),
      ...(['scan-type', 'scanners', 'severity', 'skip-dirs', 'skip-files'] as const),
      ...(['skip-setup-trivy', 'template', 'tf-vars', 'timeout', 'token-setup-trivy'] as const),
      ...(['trivy-config', 'trivyignores', 'version', 'vuln-type'] as const),
    ],
  },
  'docker/bake-action': {
    inputs: [
      ...(['allow', 'builder', 'call', 'files', 'github-token', 'load', 'no-cache'] as const),
      ...(['provenance', 'pull', 'push', 'sbom', 'set', 'source', 'targets', 'vars'] as const),
    ],
  },
  'docker/build-push-action': {
    inputs: [
      ...(['add-hosts', 'allow', 'annotations', 'attests', 'build-args'] as const),
      ...(['build-contexts', 'builder', 'cache-from', 'cache-to', 'call'] as const),
      ...(['cgroup-parent', 'context', 'file', 'github-token', 'labels', 'load'] as const),
      ...(['network', 'no-cache', 'no-cache-filters', 'outputs', 'platforms'] as const),
      ...(['provenance', 'pull', 'push', 'sbom', 'secret-envs', 'secret-files'] as const),
      ...(['secrets', 'shm-size', 'ssh', 'tags', 'target', 'ulimit'] as const),
    ],
  },
  'docker/login-action': {
    inputs: [
      ...(['ecr', 'logout', 'password', 'registry', 'registry-auth', 'scope'] as const),
      ...(['username'] as const),
    ],
  },
  'docker/metadata-action': {
    inputs: [
      ...(['annotations', 'bake-target', 'context', 'flavor', 'github-token'] as const),
      ...(['images', 'labels', 'sep-annotations', 'sep-labels', 'sep-tags', 'tags'] as const),
    ],
  },
  'docker/setup-buildx-action': {
    inputs: [
      ...(['append', 'buildkitd-config', 'buildkitd-config-inline'] as const),
      ...(['buildkitd-flags', 'cache-binary', 'cleanup', 'driver', 'driver-opts'] as const),
      ...(['endpoint', 'keep-state', 'name', 'platforms', 'use', 'version'] as const),
    ],
  },
  'github/codeql-action/upload-sarif': {
    inputs: [
      ...(['category', 'checkout_path', 'matrix', 'ref', 'sarif_file', 'sha'] as const),
      ...(['token', 'wait-for-processing'] as const),
    ],
  },
  'sigstore/cosign-installer': {
    inputs: [...(['cosign-release', 'install-dir', 'use-sudo'] as const)],
  },
} as const satisfies { readonly [Name in PinnedAction]: ActionInputs }

/** The inputs that an action is known to have; of others any. */
export type InputOf<Action> = Action extends PinnedAction
  ? (typeof knownInputs)[Action]['inputs'][number]
  : string

/** The facts of an action by its name, in any case. */
export function inputsOf(action: string): ActionInputs | undefined {
  const all: Readonly<Record<string, ActionInputs>> = knownInputs
  const name = action.toLowerCase()
  return Object.hasOwn(all, name) ? all[name] : undefined
}
