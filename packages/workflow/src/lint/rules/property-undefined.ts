import type { Rule } from '@erlmcp/core'
import type { WorkflowFile } from '../../document.ts'
import { github, runner } from '../../values/contexts.ts'
import { withSteps } from '../model/example.ts'
import { expressionsOf, pathsIn } from '../model/expressions.ts'

const names = (of: object) => new Set(Object.keys(of).map((name) => name.toLowerCase()))

// Of no use in a workflow, and there all the same.
const unnamed = [
  ...['event', 'output', 'state', 'step_summary', 'repository_visibility'],
  'artifact_cache_size_limit',
]

// What each context has (Contexts reference); `steps` and `needs` after the id.
const first: Readonly<Record<string, ReadonlySet<string>>> = {
  github: new Set([...names(github), ...unnamed]),
  runner: names(runner),
  strategy: new Set(['fail-fast', 'job-index', 'job-total', 'max-parallel']),
}
const second: Readonly<Record<string, ReadonlySet<string>>> = {
  steps: new Set(['outputs', 'outcome', 'conclusion']),
  needs: new Set(['outputs', 'result']),
}

function missingIn(path: readonly string[]): string | undefined {
  const [context = '', one, two] = path
  const [known, name] = first[context] ? [first[context], one] : [second[context], two]
  if (known && name !== undefined && name !== '*' && !known.has(name)) return name
  // Everything but the event is text: it has nothing in it.
  return context === 'github' && path.length > 2 && one !== 'event' ? two : undefined
}

export const propertyUndefined: Rule<WorkflowFile> = {
  id: 'workflow/property-undefined',
  kind: 'breaks',
  summary: 'A property that the context does not have',
  why: 'GitHub gives the empty text, without a word.',
  hint: 'Mend the name: see the Contexts reference.',
  references: ['actionlint expression'],
  bad: withSteps({ run: 'make', if: "github.reff == 'refs/heads/main'" }),
  good: withSteps({ run: 'make', if: "github.ref == 'refs/heads/main'" }),
  *check({ data }) {
    for (const { path, code, node } of expressionsOf(data)) {
      for (const one of node ? pathsIn(node) : []) {
        const name = missingIn(one)
        if (name !== undefined) yield { path, message: `there is no ${name} in ${code}` }
      }
    }
  },
}
