import type { Path } from '@erlmcp/core'
import { isMap, type JobPlace, listOf } from './jobs.ts'
import { matrixKeysIn, valuesOf } from './matrix.ts'

/** A label of the runner of a job, and its path. */
export interface LabelPlace {
  readonly label: string
  readonly path: Path
}

/** The labels of the runner of a job, with those from its matrix. */
export function labelsOf(place: JobPlace): readonly LabelPlace[] {
  const runsOn: unknown = place.job['runs-on']
  const given = isMap(runsOn) ? runsOn.labels : runsOn
  const at = [...place.path, 'runs-on', ...(isMap(runsOn) ? ['labels'] : [])]
  return listOf(given).flatMap((label, index): LabelPlace[] => {
    const path = Array.isArray(given) ? [...at, index] : at
    if (!label.includes('${{')) return [{ label, path }]
    const [key, ...others] = matrixKeysIn(label) ?? []
    if (key === undefined || others.length > 0 || !/^\s*\$\{\{[^}]*\}\}\s*$/.test(label)) return []
    return valuesOf(place, key).flatMap(([from, value]) =>
      listOf(value).map((one) => ({ label: one, path: from })),
    )
  })
}
