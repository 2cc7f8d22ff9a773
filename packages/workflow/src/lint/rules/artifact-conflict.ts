import type { Rule } from '@erlmcp/core'
import { type Upload, uploadsOf } from '../../model/artifacts.ts'
import { isMap } from '../../model/jobs.ts'
import { combinationsOf, isRepeated, matrixKeysIn } from '../../model/matrix.ts'
import { isConditional } from '../../model/skips.ts'
import type { WorkflowFile } from '../../schema/document.gen.ts'
import { commit, withJob } from '../example.ts'

const upload = (name: string) =>
  withJob({
    strategy: { matrix: { otp: ['27', '28'] } },
    steps: [{ uses: `actions/upload-artifact@${commit}`, with: { name, path: '_build' } }],
  })

/** Whether two jobs of its matrix upload under one name. */
function clashesInMatrix({ place, name }: Upload): boolean {
  const keys = matrixKeysIn(name)
  // Values of steps, of the runner and of functions may differ from job to job.
  if (keys === undefined || !isRepeated(place.job)) return false
  const rows = combinationsOf(place.job)
  if (rows === undefined) return keys.size === 0
  const cellOf = (row: object, key: string) =>
    Object.entries(row).find(([name]) => name.toLowerCase() === key)?.[1] ?? ''
  const names = rows.map((row) => JSON.stringify([...keys].map((key) => cellOf(row, key))))
  return new Set(names).size < names.length
}

/** Whether it uploads in every job, whatever the values of the matrix are. */
function isUnconditional({ place: { step } }: Upload): boolean {
  const code = String(step.if ?? '')
  return !/matrix|strategy|steps|env|runner|needs/.test(code)
}

export const artifactConflict: Rule<WorkflowFile> = {
  id: 'workflow/artifact-conflict',
  kind: 'breaks',
  summary: 'Artifact uploaded twice under one name',
  why: 'The second upload fails with "409 Conflict": an artifact is immutable.',
  hint: 'Make the name unique, such as with a value of the matrix, or set `overwrite: true`.',
  references: ['actions/upload-artifact, "Breaking changes in v4"'],
  bad: upload('build'),
  good: upload('build-${{ matrix.otp }}'),
  *check({ data }) {
    const first = new Map<string, Upload>()
    for (const one of uploadsOf(data)) {
      if (!isUnconditional(one)) continue
      const { place, name } = one
      const given = isMap(place.step.with) && place.step.with.name !== undefined
      const path = given ? [...place.path, 'with', 'name'] : [...place.path, 'uses']
      if (clashesInMatrix(one)) {
        const message = `every job of the matrix of ${place.job.id} uploads the artifact ${JSON.stringify(name)}`
        yield { path, message }
      }
      // Conditions of two jobs may exclude each other.
      if (place.step.if !== undefined || isConditional(place.job)) continue
      const keys = matrixKeysIn(name)
      const before = first.get(name)
      if (before && keys?.size === 0) {
        const message = `the jobs ${before.place.job.id} and ${place.job.id} upload the artifact ${JSON.stringify(name)}`
        yield { path, message }
      } else first.set(name, one)
    }
  },
}
