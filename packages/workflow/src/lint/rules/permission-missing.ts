import type { Rule } from '@erlmcp/core'
import { isMap, usesOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { commit, withJob, withSteps } from '../example.ts'

/** Permissions that actions need. A checkout of a public repository needs none. */
const needed: Readonly<Record<string, Readonly<Record<string, 'read' | 'write'>>>> = {
  'actions/attest': { 'id-token': 'write', attestations: 'write' },
  'actions/attest-build-provenance': { 'id-token': 'write', attestations: 'write' },
  'actions/attest-sbom': { 'id-token': 'write', attestations: 'write' },
  'actions/deploy-pages': { 'id-token': 'write', pages: 'write' },
  'github/codeql-action/analyze': { 'security-events': 'write' },
  'github/codeql-action/upload-sarif': { 'security-events': 'write' },
}

export const permissionMissing: Rule<WorkflowFile> = {
  id: 'workflow/permission-missing',
  kind: 'breaks',
  summary: 'Action without a permission that it needs',
  why: 'The step fails.',
  hint: 'Add it to the permissions of the job.',
  references: ['Workflow syntax, permissions'],
  bad: withSteps({ uses: `actions/attest@${commit}` }),
  good: withJob({
    permissions: { contents: 'read', 'id-token': 'write', attestations: 'write' },
    steps: [{ uses: `actions/attest@${commit}` }],
  }),
  *check({ data }) {
    for (const { uses, path, job } of usesOf(data)) {
      const granted: unknown = job.job.permissions ?? data.permissions
      // Without permissions the setting of the repository applies.
      if (!isMap(granted)) continue
      for (const [scope, access] of Object.entries(needed[uses.action] ?? {})) {
        const given = granted[scope]
        if (given === access || given === 'write') continue
        const message = `${uses.action} needs ${scope}: ${access}, which the job ${job.id} does not grant`
        yield { path: [...path, 'uses'], message }
      }
    }
  },
}
