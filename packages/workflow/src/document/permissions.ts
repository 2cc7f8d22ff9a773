type Any = 'read' | 'write' | 'none'

/** What the token of a job may do, scope by scope. A scope that is left out is `none`. */
export interface PermissionMap {
  readonly actions?: Any
  readonly 'artifact-metadata'?: Any
  readonly attestations?: Any
  readonly checks?: Any
  readonly 'code-quality'?: Any
  readonly contents?: Any
  readonly 'copilot-requests'?: 'write' | 'none'
  readonly deployments?: Any
  readonly discussions?: Any
  readonly drives?: Any
  readonly 'id-token'?: 'write' | 'none'
  readonly issues?: Any
  readonly models?: 'read' | 'none'
  readonly packages?: Any
  readonly pages?: Any
  readonly 'pull-requests'?: Any
  readonly 'repository-projects'?: Any
  readonly 'security-events'?: Any
  readonly statuses?: Any
  readonly 'vulnerability-alerts'?: 'read' | 'none'
}

/** Rights of the token (workflow syntax, "permissions"); `{}` is none at all. */
export type Permissions = PermissionMap | 'read-all' | 'write-all'
