import type { Rule } from '@erlmcp/core'
import { usesOf } from '../../model/jobs.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { commit, withSteps } from '../example.ts'

const owners = ['actions', 'docker', 'github', 'erlef', 'sigstore', 'aquasecurity']

/** Whether one letter differs, or two are swapped. */
function isNear(a: string, b: string): boolean {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a]
  if (long.length - short.length > 1) return false
  const at = [...long].findIndex((letter, index) => letter !== short[index])
  const rest = long.slice(at + 1)
  if (long.length !== short.length) return rest === short.slice(at)
  const exchanged = long[at] === short[at + 1] && long[at + 1] === short[at]
  return rest === short.slice(at + 1) || (exchanged && rest.slice(1) === short.slice(at + 2))
}

export const typosquatUses: Rule<WorkflowFile> = {
  id: 'workflow/typosquat-uses',
  kind: 'insecure',
  severity: 'error',
  summary: 'Action of a possibly typosquatted owner',
  why: 'An attacker may have registered the misspelt name.',
  hint: 'Fix the name.',
  references: ['zizmor typosquat-uses'],
  bad: withSteps({ uses: `action/checkout@${commit}` }),
  good: withSteps({ uses: `actions/checkout@${commit}`, with: { 'persist-credentials': false } }),
  *check({ data }) {
    for (const { path, uses } of usesOf(data)) {
      const owner = uses.kind === 'action' ? uses.action.split('/')[0]! : 'actions'
      const near = owners.find((one) => one !== owner && isNear(one, owner))
      if (near === undefined || owners.includes(owner)) continue
      yield {
        path: [...path, 'uses'],
        message: `${uses.action}: the owner is one letter from ${near}`,
      }
    }
  },
}
