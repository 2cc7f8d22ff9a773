import { formatAnnotation } from '@erlmcp/core'
import { plural } from '../evidence/text.ts'
import type { ReportedRun } from './run.ts'

/** Annotations of one level that GitHub shows of a step. */
const most = 10

/**
 * Workflow commands that make GitHub annotate lines. It shows ten of a step, so each failed gate has
 * its first one before any has its second; the last says how many are left.
 *
 * @example
 * for (const line of annotations(run)) console.log(line)
 */
export function annotations({ gates }: ReportedRun): string[] {
  const queues = gates.map((gate) => gate.diagnostics.map((diagnostic) => ({ gate, diagnostic })))
  const longest = Math.max(0, ...queues.map((queue) => queue.length))
  const all = Array.from({ length: longest }, (_, at) => queues.flatMap((queue) => queue[at] ?? []))
    .flat()
    .map(({ gate, diagnostic: { kind, message, location } }) =>
      formatAnnotation({
        severity: 'error',
        ...location,
        title: `${gate.name}: ${kind}`,
        message,
      }),
    )
  if (all.length <= most) return all
  const message = `${plural(all.length - most + 1, 'more problem')}: see the summary`
  return [
    ...all.slice(0, most - 1),
    formatAnnotation({ severity: 'error', title: 'gates', message }),
  ]
}
