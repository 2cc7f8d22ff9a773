import type { Path, Rule } from '@erlmcp/core'
import { expressionsOf } from '../../model/expressions.ts'
import { jobsOf } from '../../model/jobs.ts'
import { typeOfNode, typesIn, type ValueType } from '../../model/types.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { withJob } from '../example.ts'

const expectedTypes: Readonly<Record<string, ValueType>> = {
  'timeout-minutes': 'number',
  'cancel-timeout-minutes': 'number',
  'max-parallel': 'number',
  'continue-on-error': 'boolean',
  'fail-fast': 'boolean',
  'cancel-in-progress': 'boolean',
  'runs-on': 'text',
}

/** The type that a key expects; undefined where it accepts any. */
function expectedTypeAt(path: Path): ValueType | undefined {
  const key = String(path.at(-1))
  // A variable or an input may have any name.
  const isName = ['env', 'with', 'inputs', 'outputs', 'matrix', 'secrets'].includes(
    String(path.at(-2)),
  )
  return isName || !Object.hasOwn(expectedTypes, key) ? undefined : expectedTypes[key]
}

const nouns = { boolean: 'a boolean', number: 'a number', text: 'text' }

export const expressionType: Rule<WorkflowFile> = {
  id: 'workflow/expression-type',
  kind: 'breaks',
  summary: 'Expression of the wrong type',
  why: 'GitHub fails the run with "Unexpected value": it does not convert text to a number or boolean here.',
  hint: 'Convert text with fromJSON(…), or compare it.',
  references: ['actionlint expression', 'GitHub docs, "Evaluate expressions", fromJSON'],
  bad: withJob({ 'timeout-minutes': '${{ vars.MINUTES }}' }),
  good: withJob({ 'timeout-minutes': '${{ fromJSON(vars.MINUTES) }}' }),
  *check({ data }) {
    const typeOf = typesIn(data)
    const jobs = new Map(jobsOf(data).map((place) => [place.id, place]))
    for (const { path, node, code, isWhole } of expressionsOf(data)) {
      const type = expectedTypeAt(path)
      if (type === undefined || !node) continue
      const job = path[0] === 'jobs' ? jobs.get(String(path[1])) : undefined
      const found = isWhole ? typeOfNode(node, typeOf, job) : 'text'
      if (found === undefined || found === type) continue
      const message = `${path.at(-1)}: expected ${nouns[type]}, got ${code}, which is ${nouns[found]}`
      yield { path, message }
    }
  },
}
