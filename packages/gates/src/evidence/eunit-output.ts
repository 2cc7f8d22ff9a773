import type { Evidence, Problem } from '../reading.ts'
import { problemList } from './guarded.ts'
import { placeOfTrace } from './place.ts'
import { reasonOf } from './reason.ts'
import { linesOf } from './text.ts'

/** What EUnit has printed, which knows what its reports leave out. */
export interface EunitOutput {
  /** What kept tests from running at all, such as a generator that crashed. */
  readonly problems: readonly Problem[]
  /** How many tests passed; nothing where it does not say. */
  readonly passed: number | undefined
  readonly cancelled: boolean
}

// The reports have the setup and the cleanup of a fixture as tests; these have no place in them.
const notice = /^\s*\*\*\* (?!context (?:setup|cleanup) failed)(.{1,500}) \*\*\*$/

/** Lines that a notice may have below it. */
const longestNotice = 60

export async function eunitOutput({ output, root }: Evidence): Promise<EunitOutput> {
  const problems = problemList()
  let passed: number | undefined
  let cancelled = false
  let open: { readonly message: string; readonly lines: string[] } | undefined
  const close = () => {
    if (open) problems.add(problemOf(open.message, open.lines, root))
    open = undefined
  }
  for await (const line of linesOf(output)) {
    const message = notice.exec(line)?.[1]
    if (message || line.trim() === '') close()
    if (message) open = { message, lines: [] }
    else if (open && open.lines.length < longestNotice) open.lines.push(line)
    passed = passedIn(line) ?? passed
    cancelled ||= line.startsWith('One or more tests were cancelled')
  }
  close()
  return { problems: problems.all(), passed, cancelled }
}

function problemOf(message: string, lines: readonly string[], root: string): Problem {
  const detail = lines.join('\n')
  const term = /^\*\*(?:error|exit|throw):([\s\S]*)/m.exec(detail)?.[1]
  const location = placeOfTrace(detail, root)
  return {
    kind: 'error',
    message: term ? `${message}: ${reasonOf(term).message}` : message,
    ...(location && { location }),
    ...(detail && { detail }),
  }
}

/** EUnit's own last line, or the one of rebar3's progress. */
function passedIn(line: string): number | undefined {
  if (/^\s+Test passed\.$/.test(line)) return 1
  const some =
    /^\s+(?:All )?(\d+) tests passed\.$/.exec(line) ??
    /^\s+Failed: \d+\.\s+Skipped: \d+\.\s+Passed: (\d+)\.$/.exec(line) ??
    /^(\d+) tests, 0 failures(?:, 0 skips)?$/.exec(line)
  return some ? Number(some[1]) : undefined
}
