import type { Problem } from '../reading.ts'
import type { ProblemList } from './guarded.ts'
import { reasonOf } from './reason.ts'
import { elementsOf } from './term-text.ts'
import { oneLine, plural } from './text.ts'

/** What kept a case from running, such as `init_per_suite`, and why that failed. */
export interface Cause {
  readonly message: string
  readonly why: string
}

/** The cause of `{tc_auto_skip, …}`; nothing where the case itself has said `{skip, Reason}`. */
export function causeOf(text: string): Cause | undefined {
  if (!/^\{tc_auto_skip\b/.test(text)) return undefined
  const [, term = text] = elementsOf(text) ?? []
  const [tag, call = ''] = elementsOf(term) ?? []
  const [, message, why] = elementsOf(call) ?? []
  if (tag !== 'failed' || !message || !why)
    return { message: 'Common Test', why: oneLine(term, 120) }
  const [exit, reason] = elementsOf(why) ?? []
  return { message, why: reasonOf(exit === "'EXIT'" && reason ? reason : why).message }
}

/** Cases of a suite that did not run, gathered by what kept them from it, which is mended once. */
export interface Casualties {
  /** Without a problem, for what is not a case itself. */
  add(suite: string, cause: Cause, problem?: Problem): void
  close(): void
}

/** Names that the problem of the cases together has in it. */
const mostNames = 12

interface Group extends Cause {
  readonly suite: string
  readonly found: Problem[]
  count: number
}

export function casualties(problems: ProblemList): Casualties {
  const groups = new Map<string, Group>()
  return {
    add(suite, cause, problem) {
      const key = `${suite}:${cause.message}`
      const group = groups.get(key) ?? { suite, ...cause, found: [], count: 0 }
      groups.set(key, group)
      if (!problem) return
      group.count += 1
      if (group.found.length < mostNames) group.found.push(problem)
    },
    close() {
      for (const group of groups.values()) problems.add(together(group))
      groups.clear()
    },
  }
}

function together({ suite, message, why, found, count }: Group): Problem {
  const names = found.map(({ test }) => test!.slice(suite.length + 1))
  if (count > names.length) names.push(`${count - names.length} more`)
  const { location, detail } = found[0] ?? {}
  return {
    kind: 'skip',
    message: oneLine(
      `${suite}: ${plural(count, 'case')} did not run since ${message} failed (${why}): ${names.join(', ')}`,
    ),
    test: found.length === 1 ? found[0]!.test! : suite,
    ...(location && { location }),
    ...(detail && { detail }),
  }
}
