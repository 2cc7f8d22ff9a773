import type { Rule } from '@erlmcp/core'
import { definedAt, textsOf } from '../../model/variables.ts'
import { everyInstruction } from '../../model/walk.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { variablesOf } from '../../values/text.ts'
import { example } from '../example.ts'

export const undefinedVar: Rule<Dockerfile> = {
  id: 'dockerfile/undefined-var',
  kind: 'breaks',
  summary: 'A variable that the stage does not define',
  why: 'The builder replaces it with an empty text silently.',
  hint: 'Declare it with `arg` or `env` in the same stage, above its use.',
  references: ['BuildKit UndefinedVar'],
  bad: example({ instruction: 'WORKDIR', path: { parts: ['/opt/', { variable: 'RELEASE' }] } }),
  good: example(
    { instruction: 'ARG', args: [{ name: 'RELEASE', default: 'app' }] },
    { instruction: 'WORKDIR', path: { parts: ['/opt/', { variable: 'RELEASE' }] } },
  ),
  *check({ data }) {
    for (const { node, path, at } of everyInstruction(data)) {
      const known = definedAt(data, at)
      for (const text of textsOf(node)) {
        for (const { variable, modifier } of variablesOf(text)) {
          // A modifier handles an unset variable.
          if (known.has(variable) || modifier !== undefined) continue
          yield {
            path,
            message: `${node.instruction} uses ${variable}, which this stage does not define`,
          }
        }
      }
    }
  },
}
