import type { Rule } from '@erlmcp/core'
import { expressionsOf, pathsIn } from '../../model/expressions.ts'
import { type ContextFacts, contexts } from '../../schema/contexts.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withSteps } from '../example.ts'

const lower = (names: readonly string[] | undefined) =>
  names && new Set(names.map((name) => name.toLowerCase()))

const entries = Object.entries<ContextFacts>(contexts)

/** Properties of each context, and of the entries of those that are maps. */
const properties = new Map(
  entries.map(([name, { properties, hidden = [] }]) => [
    name,
    lower(properties && [...properties, ...hidden]),
  ]),
)
const entryProperties = new Map(entries.map(([name, facts]) => [name, lower(facts.entries)]))

function missingIn(path: readonly string[]): string | undefined {
  const [context = '', one, two] = path
  const own = properties.get(context)
  const [known, name] = own ? [own, one] : [entryProperties.get(context), two]
  if (known && name !== undefined && name !== '*' && !known.has(name)) return name
  // Everything but the event is text, without properties.
  return context === 'github' && path.length > 2 && one !== 'event' ? two : undefined
}

export const propertyUndefined: Rule<WorkflowFile> = {
  id: 'workflow/property-undefined',
  kind: 'breaks',
  summary: 'Undefined property of a context',
  why: 'GitHub evaluates it to an empty text.',
  hint: 'Fix the name: see the Contexts reference.',
  references: ['actionlint expression'],
  bad: withSteps({ run: 'make', if: "github.reff == 'refs/heads/main'" }),
  good: withSteps({ run: 'make', if: "github.ref == 'refs/heads/main'" }),
  *check({ data }) {
    for (const { path, code, node } of expressionsOf(data)) {
      for (const one of node ? pathsIn(node) : []) {
        const name = missingIn(one)
        if (name !== undefined) yield { path, message: `undefined property ${name} in ${code}` }
      }
    }
  },
}
