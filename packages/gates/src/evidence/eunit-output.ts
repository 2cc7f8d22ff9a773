import { diagnosticList } from './diagnostic-list.ts'
import { parseFailure } from './failure-message.ts'
import type { Evidence, GateDiagnostic } from './report.ts'
import { traceLocation } from './source-location.ts'
import { linesOf } from './text.ts'

/** The output of EUnit, with what its reports leave out. */
export interface EunitOutput {
  /** Failures outside of tests, such as a generator that crashed. */
  readonly diagnostics: readonly GateDiagnostic[]
  /** How many tests passed; undefined if EUnit did not print it. */
  readonly passed: number | undefined
  readonly cancelled: boolean
}

// Failed setups and cleanups are in the reports, as tests; other notices are not.
const notice = /^\s*\*\*\* (?!context (?:setup|cleanup) failed)(.{1,500}) \*\*\*$/

/** Lines kept below a notice. */
const maxLines = 60

export async function eunitOutput({ output, root }: Evidence): Promise<EunitOutput> {
  const diagnostics = diagnosticList()
  let passed: number | undefined
  let cancelled = false
  let open: { readonly message: string; readonly lines: string[] } | undefined
  const close = () => {
    if (open) diagnostics.add(diagnosticOf(open.message, open.lines, root))
    open = undefined
  }
  for await (const line of linesOf(output)) {
    const message = notice.exec(line)?.[1]
    if (message || line.trim() === '') close()
    if (message) open = { message, lines: [] }
    else if (open && open.lines.length < maxLines) open.lines.push(line)
    passed = passedIn(line) ?? passed
    cancelled ||= line.startsWith('One or more tests were cancelled')
  }
  close()
  return { diagnostics: diagnostics.all(), passed, cancelled }
}

function diagnosticOf(message: string, lines: readonly string[], root: string): GateDiagnostic {
  const detail = lines.join('\n')
  const term = /^\*\*(?:error|exit|throw):([\s\S]*)/m.exec(detail)?.[1]
  const location = traceLocation(detail, root)
  return {
    kind: 'error',
    message: term ? `${message}: ${parseFailure(term).message}` : message,
    ...(location && { location }),
    ...(detail && { detail }),
  }
}

/** From the last line of EUnit, or of rebar3's progress. */
function passedIn(line: string): number | undefined {
  if (/^\s+Test passed\.$/.test(line)) return 1
  const several =
    /^\s+(?:All )?(\d+) tests passed\.$/.exec(line) ??
    /^\s+Failed: \d+\.\s+Skipped: \d+\.\s+Passed: (\d+)\.$/.exec(line) ??
    /^(\d+) tests, 0 failures(?:, 0 skips)?$/.exec(line)
  return several ? Number(several[1]) : undefined
}
