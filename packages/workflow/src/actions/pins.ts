/** The tag and commit of an action. */
export interface Locked {
  readonly tag: string
  readonly sha: string
}

/**
 * The actions that this package knows, each at the commit of its tag. A project's own lock, which
 * `erlmcp pins` keeps, goes before it.
 */
export const pins = {
  'actions/attest': { tag: 'v4.2.2', sha: '1e69f48acb82d1966a394da916b4c1698aa569d6' },
  'actions/cache': { tag: 'v6.1.0', sha: '55cc8345863c7cc4c66a329aec7e433d2d1c52a9' },
  'actions/checkout': { tag: 'v7.0.1', sha: '3d3c42e5aac5ba805825da76410c181273ba90b1' },
  'actions/download-artifact': { tag: 'v8.0.1', sha: '3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c' },
  'actions/setup-node': { tag: 'v7.0.0', sha: '820762786026740c76f36085b0efc47a31fe5020' },
  'actions/upload-artifact': { tag: 'v7.0.1', sha: '043fb46d1a93c77aae656e7c1c64a875d1fc6a0a' },
  'aquasecurity/trivy-action': { tag: 'v0.36.0', sha: 'ed142fd0673e97e23eac54620cfb913e5ce36c25' },
  'docker/bake-action': { tag: 'v7.3.0', sha: 'd3418bd7d0e9324001bca92fa8ba175ea7e6dc9b' },
  'docker/build-push-action': { tag: 'v7.3.0', sha: '53b7df96c91f9c12dcc8a07bcb9ccacbed38856a' },
  'docker/login-action': { tag: 'v4.6.0', sha: 'dbcb813823bdd20940b903addbd779551569679f' },
  'docker/metadata-action': { tag: 'v6.2.0', sha: 'dc802804100637a589fabce1cb79ff13a1411302' },
  'docker/setup-buildx-action': { tag: 'v4.3.0', sha: '37fe631027851001ddb9b187196cc803df7f5f0e' },
  'github/codeql-action/upload-sarif': {
    tag: 'v4.37.7',
    sha: 'ff2f1c621b7f889edc0d3c761ac2e6a3f8cdb0dd',
  },
  'sigstore/cosign-installer': {
    tag: 'v4.1.2',
    sha: '6f9f17788090df1f26f669e9d70d6ae9567deba6',
  },
} as const satisfies Readonly<Record<string, Locked>>

/** An action that can be used by its name alone. */
export type PinnedAction = keyof typeof pins

/** The outputs of actions that have some, at those versions. */
export const knownOutputs = {
  'actions/attest': ['attestation-id', 'attestation-url', 'bundle-path', 'storage-record-ids'],
  'actions/cache': ['cache-hit'],
  'actions/checkout': ['commit', 'ref'],
  'actions/download-artifact': ['download-path'],
  'actions/setup-node': ['cache-hit', 'cache-matched-key', 'cache-primary-key', 'node-version'],
  'actions/upload-artifact': ['artifact-digest', 'artifact-id', 'artifact-url'],
  'docker/bake-action': ['metadata'],
  'docker/build-push-action': ['digest', 'imageid', 'metadata'],
  'docker/metadata-action': [
    ...(['annotations', 'bake-file', 'bake-file-annotations', 'bake-file-labels'] as const),
    ...(['bake-file-tags', 'json', 'labels', 'tag-names', 'tags', 'version'] as const),
  ],
  'docker/setup-buildx-action': [
    ...(['driver', 'endpoint', 'flags', 'name', 'nodes', 'platforms', 'status'] as const),
  ],
  'github/codeql-action/upload-sarif': ['sarif-id'],
} as const satisfies { readonly [Name in PinnedAction]?: readonly string[] }
