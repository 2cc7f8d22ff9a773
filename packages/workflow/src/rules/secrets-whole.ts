import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../document.ts'
import { withSteps } from './reading/example.ts'
import { expressionsOf, nodesIn, pathsIn } from './reading/expressions.ts'

export const secretsWhole: Rule<WorkflowFile> = {
  id: 'workflow/secrets-whole',
  kind: 'insecure',
  summary: 'All secrets as one value',
  why: 'A step gets every secret there is; one that is taken out of it is not hidden in the log.',
  help: 'Name the secret: `secrets.NAME`.',
  references: ['zizmor overprovisioned-secrets', 'zizmor unredacted-secrets'],
  bad: withSteps({ run: 'make', env: { ALL: '${{ toJSON(secrets) }}' } }),
  good: withSteps({ run: 'make', env: { TOKEN: '${{ secrets.TOKEN }}' } }),
  *check({ data }) {
    for (const { path, code, node } of expressionsOf(data)) {
      for (const one of node ? nodesIn(node) : []) {
        if (one.kind !== 'call') continue
        const paths = one.args.flatMap(pathsIn).filter(([context]) => context === 'secrets')
        const whole = paths.some((names) => names.length === 1 || names[1] === '*')
        const parsed = one.name.toLowerCase() === 'fromjson' && paths.length > 0
        if (whole || parsed) yield { path, message: `${code} takes secrets as a whole` }
      }
    }
  },
}
