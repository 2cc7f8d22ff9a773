import type { DiagnosticList } from './diagnostic-list.ts'
import { parseFailure } from './failure-message.ts'
import type { GateDiagnostic } from './report.ts'
import { elementsOf } from './term-text.ts'
import { oneLine, plural } from './text.ts'

/** The function that kept a case from running, such as `init_per_suite`, and its failure. */
export interface Blocker {
  readonly name: string
  readonly failure: string
}

/** The blocker in `{tc_auto_skip, …}`; undefined where the case itself returned `{skip, Reason}`. */
export function findBlocker(text: string): Blocker | undefined {
  if (!/^\{tc_auto_skip\b/.test(text)) return undefined
  const [, term = text] = elementsOf(text) ?? []
  const [tag, call = ''] = elementsOf(term) ?? []
  const [, name, reason] = elementsOf(call) ?? []
  if (tag !== 'failed' || !name || !reason) {
    return { name: 'Common Test', failure: oneLine(term, 120) }
  }
  const [exit, inner] = elementsOf(reason) ?? []
  const failure = parseFailure(exit === "'EXIT'" && inner ? inner : reason).message
  return { name, failure }
}

/** Cases of a suite that did not run, grouped by blocker: each group is one diagnostic. */
export interface BlockedTests {
  /** Without a diagnostic for a function that is not a case itself. */
  add(suite: string, blocker: Blocker, diagnostic?: GateDiagnostic): void
  close(): void
}

/** Cases that the diagnostic of a group names. */
const maxNames = 12

interface Group extends Blocker {
  readonly suite: string
  readonly cases: GateDiagnostic[]
  count: number
}

export function blockedTests(diagnostics: DiagnosticList): BlockedTests {
  const groups = new Map<string, Group>()
  return {
    add(suite, blocker, diagnostic) {
      const key = `${suite}:${blocker.name}`
      const group = groups.get(key) ?? { suite, ...blocker, cases: [], count: 0 }
      groups.set(key, group)
      if (!diagnostic) return
      group.count += 1
      if (group.cases.length < maxNames) group.cases.push(diagnostic)
    },
    close() {
      for (const group of groups.values()) diagnostics.add(diagnosticOf(group))
      groups.clear()
    },
  }
}

function diagnosticOf({ suite, name, failure, cases, count }: Group): GateDiagnostic {
  const names = cases.map(({ test }) => test!.slice(suite.length + 1))
  if (count > names.length) names.push(`${count - names.length} more`)
  const { location, detail } = cases[0] ?? {}
  return {
    kind: 'skip',
    message: oneLine(
      `${suite}: ${plural(count, 'case')} did not run: ${name} failed (${failure}): ${names.join(', ')}`,
    ),
    test: cases.length === 1 ? cases[0]!.test! : suite,
    ...(location && { location }),
    ...(detail && { detail }),
  }
}
