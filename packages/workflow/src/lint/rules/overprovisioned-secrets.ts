import type { Rule } from '@erlmcp/core'
import { expressionsOf, nodesIn, pathsIn } from '../../model/expressions.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

export const overprovisionedSecrets: Rule<WorkflowFile> = {
  id: 'workflow/overprovisioned-secrets',
  kind: 'insecure',
  summary: 'All secrets as one value',
  why: 'A step gets every secret of the repository; a secret taken from the value is not masked in the log.',
  hint: 'Use one secret: `secrets.NAME`.',
  references: ['zizmor overprovisioned-secrets', 'zizmor unredacted-secrets'],
  bad: withSteps({ run: 'make', env: { ALL: '${{ toJSON(secrets) }}' } }),
  good: withSteps({ run: 'make', env: { TOKEN: '${{ secrets.TOKEN }}' } }),
  *check({ data }) {
    for (const { path, code, node } of expressionsOf(data)) {
      const paths = node ? pathsIn(node).filter(([context]) => context === 'secrets') : []
      // To resolve a name at run time, GitHub gives the runner all secrets.
      const whole = paths.some(([, name = '*']) => name === '*')
      const parsed = [...(node ? nodesIn(node) : [])].some(
        (one) =>
          one.kind === 'call' &&
          one.name.toLowerCase() === 'fromjson' &&
          one.args.flatMap(pathsIn).some(([context]) => context === 'secrets'),
      )
      if (whole || parsed) yield { path, message: `${code} exposes all secrets` }
    }
  },
}
