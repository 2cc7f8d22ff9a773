import { schema } from '@erlmcp/core'
import { key, object, union, type WorkflowSchema } from './facts.ts'

const { oneOf } = schema

interface Scope {
  readonly doc: string
  /** What it can grant beside `none`. Default: `read` and `write`. */
  readonly access?: readonly ('read' | 'write')[]
}

/** The scopes of the token of a job. */
export const permissionScopes: Readonly<Record<string, Scope>> = {
  actions: { doc: 'Workflow runs and artifacts.' },
  'artifact-metadata': { doc: 'Storage records of artifacts.' },
  attestations: { doc: 'Artifact attestations.' },
  checks: { doc: 'Check runs and check suites.' },
  'code-quality': { doc: 'Results of code quality analysis.' },
  contents: { doc: 'Files, commits, tags and releases of the repository.' },
  'copilot-requests': { doc: 'Requests to GitHub Copilot.', access: ['write'] },
  deployments: { doc: 'Deployments.' },
  discussions: { doc: 'Discussions.' },
  drives: { doc: 'Drives of the repository.' },
  'id-token': { doc: 'An OpenID Connect token of the job.', access: ['write'] },
  issues: { doc: 'Issues and their comments.' },
  models: { doc: 'Inference with GitHub Models.', access: ['read'] },
  packages: { doc: 'GitHub Packages.' },
  pages: { doc: 'GitHub Pages.' },
  'pull-requests': { doc: 'Pull requests and their comments.' },
  'repository-projects': { doc: 'Classic projects of the repository.' },
  'security-events': { doc: 'Code scanning alerts.' },
  statuses: { doc: 'Commit statuses.' },
  'vulnerability-alerts': { doc: 'Dependabot alerts.', access: ['read'] },
}

/** What each scope can be. */
export const accessOf = ({ access = ['read', 'write'] }: Scope): readonly string[] => [
  ...access,
  'none',
]

const scopes: Readonly<Record<string, WorkflowSchema>> = Object.fromEntries(
  Object.entries(permissionScopes).map(([name, scope]) => [
    name,
    key(oneOf(...accessOf(scope)), scope.doc),
  ]),
)

const permissionMap = key(
  { ...object(scopes), hint: "Write { contents: 'read' }, or {} for no permissions." },
  'What the token of a job may do, by scope. A missing scope is `none`.',
  { typeName: 'PermissionMap' },
)

export const permissions = key(
  union(permissionMap, oneOf('read-all', 'write-all')),
  'Permissions of the token; `{}` grants nothing.',
  {
    typeName: 'Permissions',
    contexts: [],
    author: { schema: permissionMap, type: 'PermissionMap' },
  },
)
