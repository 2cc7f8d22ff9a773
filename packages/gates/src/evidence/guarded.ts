import type { Evidence, EvidenceFile, Problem, Reader, Reading } from '../reading.ts'
import { oneLine } from './text.ts'

/** What is wrong with evidence. It ends at {@link reader}, where it becomes a problem. */
export class Unreadable extends Error {}

/** There is no evidence where it should be. It ends at {@link reader}. */
export class NoEvidence extends Error {}

/**
 * A reader that never throws. Whatever happens while it reads, also a mistake in it, makes a red
 * gate: evidence that could not be read proves nothing.
 */
export function reader(
  name: string,
  keeps: readonly string[],
  read: (evidence: Evidence) => Promise<Reading>,
): Reader {
  const guarded = (evidence: Evidence) => guard(name, () => read(evidence))
  return Object.freeze({ name, keeps: Object.freeze([...keeps]), read: guarded })
}

/** What a step reads, or why it could not: also a reader of somebody's own ends no run. */
export async function guard(name: string, step: () => Promise<Reading>): Promise<Reading> {
  try {
    const reading: Partial<Reading> | undefined = await step()
    if (Array.isArray(reading?.problems)) return reading as Reading
    throw new Unreadable('it read nothing: expected { problems: […] }. Return that from `read`')
  } catch (error) {
    const kind = error instanceof NoEvidence ? 'no-evidence' : 'unreadable'
    return { problems: [{ kind, message: `${name}: ${oneLine(textOf(error))}` }] }
  }
}

function textOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error)
  } catch {
    return 'it threw a value that has no text'
  }
}

/** The files at a path: itself, or what is below it with such a name. */
export function filesAt(
  { files }: Evidence,
  path: string,
  isOne: (name: string) => boolean,
): readonly EvidenceFile[] {
  const folder = path.replace(/\/+$/, '')
  return files
    .filter((file) => file.path === folder || file.path.startsWith(`${folder}/`))
    .filter((file) => file.path === folder || isOne(file.path.slice(folder.length + 1)))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Names the file in whatever is found wrong with it. */
export async function inFile<T>(file: EvidenceFile, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw new Unreadable(`${file.path}: ${error instanceof Error ? error.message : error}`)
  }
}

/** Problems kept of one reader. A person mends the first ones; the rest are only counted. */
const mostProblems = 500

export interface ProblemList {
  add(problem: Problem): void
  readonly count: number
  all(): readonly Problem[]
}

/** Problems as they are found, with a bound on how many are held. */
export function problemList(): ProblemList {
  const kept: Problem[] = []
  let count = 0
  return {
    add(problem) {
      count += 1
      if (kept.length < mostProblems) kept.push(problem)
    },
    get count() {
      return count
    },
    all() {
      const more = count - kept.length
      if (more === 0) return kept
      return [...kept, { kind: kept[0]!.kind, message: `and ${more} more like these` }]
    },
  }
}
