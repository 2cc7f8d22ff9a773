import { parseExpression } from '../expression/parse.ts'
import { scan } from '../expression/scan.ts'
import { pathOf } from './expressions.ts'
import { isMap, type JobPlace } from './jobs.ts'

/** The values of one job of a matrix, by key. */
export type Combination = Readonly<Record<string, unknown>>

const hasExpression = (value: unknown): boolean => JSON.stringify(value ?? null).includes('${{')

/** The matrix of a job; undefined for a job without one, and for an expression. */
export function matrixOf({ job }: JobPlace): Readonly<Record<string, unknown>> | undefined {
  const matrix = isMap(job.strategy) ? job.strategy.matrix : undefined
  return isMap(matrix) ? matrix : undefined
}

/** Whether a matrix may generate several jobs; an expression may. */
export function isRepeated(place: JobPlace): boolean {
  const { strategy } = place.job
  if (strategy === undefined) return false
  if (!isMap(strategy)) return true
  if (strategy.matrix === undefined) return false
  return (combinationsOf(place)?.length ?? 2) > 1
}

/**
 * Every combination of a matrix (workflow syntax, "strategy.matrix"): the product of the keys,
 * without those of `exclude`, with those of `include`. Undefined for expressions.
 */
export function combinationsOf(place: JobPlace): readonly Combination[] | undefined {
  const matrix = matrixOf(place)
  if (!matrix || hasExpression(matrix)) return undefined
  const { include = [], exclude = [], ...axes } = matrix
  const entries = Object.entries(axes)
  if (!entries.every(([, values]) => Array.isArray(values))) return undefined
  const product = entries.reduce<Combination[]>(
    (rows, [key, values]) =>
      rows.length > 1000
        ? rows
        : rows.flatMap((row) => (values as unknown[]).map((one) => ({ ...row, [key]: one }))),
    entries.length > 0 ? [{}] : [],
  )
  const excluded = listOfMaps(exclude)
  const rows = product.filter((row) => !excluded.some((one) => agrees(row, one, Object.keys(one))))
  return withIncludes(rows, listOfMaps(include), Object.keys(axes))
}

function withIncludes(
  rows: readonly Combination[],
  includes: readonly Combination[],
  axes: readonly string[],
): readonly Combination[] {
  let all = [...rows]
  const added: Combination[] = []
  for (const one of includes) {
    const shared = Object.keys(one).filter((key) => axes.includes(key))
    const fits = all.some((row) => agrees(row, one, shared))
    if (fits) all = all.map((row) => (agrees(row, one, shared) ? { ...row, ...one } : row))
    else added.push(one)
  }
  return [...all, ...added]
}

const agrees = (row: Combination, one: Combination, keys: readonly string[]) =>
  keys.every((key) => JSON.stringify(row[key]) === JSON.stringify(one[key]))

const listOfMaps = (value: unknown): readonly Combination[] =>
  (Array.isArray(value) ? (value as unknown[]) : []).filter(isMap)

/** The keys of the matrix that a text uses; undefined where it uses other values of the job. */
export function matrixKeysIn(text: string): ReadonlySet<string> | undefined {
  const keys = new Set<string>()
  for (const piece of scan(text)) {
    if (piece.kind === 'text') continue
    try {
      const path = pathOf(parseExpression(piece.text))
      const [context, key] = path ?? []
      if (context === 'matrix' && key !== undefined && path?.length === 2) keys.add(key)
      else if (!['github', 'inputs', 'vars', 'needs'].includes(context ?? '')) return undefined
    } catch {
      return undefined
    }
  }
  return keys
}

/** Every value of a key of the matrix, and its path. */
export function valuesOf(
  place: JobPlace,
  key: string,
): readonly (readonly [path: readonly (string | number)[], value: unknown])[] {
  const matrix = matrixOf(place) ?? {}
  const at = [...place.path, 'strategy', 'matrix']
  const nameOf = (of: Combination) => Object.keys(of).find((one) => one.toLowerCase() === key)
  const axis = nameOf(matrix)
  const values = axis === undefined ? undefined : matrix[axis]
  const onAxis = (Array.isArray(values) ? (values as unknown[]) : []).map(
    (value, index) => [[...at, axis!, index], value] as const,
  )
  const included = (Array.isArray(matrix.include) ? (matrix.include as unknown[]) : []).flatMap(
    (entry, index) => {
      const name = isMap(entry) ? nameOf(entry) : undefined
      if (name === undefined) return []
      return [[[...at, 'include', index, name], (entry as Combination)[name]] as const]
    },
  )
  return [...onAxis, ...included]
}
