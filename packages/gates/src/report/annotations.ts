import type { Problem } from '../reading.ts'
import type { GateResult } from '../verdict.ts'
import { count, type ReportedRun } from './run.ts'
import { visible } from './visible.ts'

/** Annotations of one kind that GitHub shows of a step. */
const most = 10

/**
 * Workflow commands that make GitHub show problems at their lines. It shows ten of a step, so each
 * red gate has its first one before any has its second; the last says how many are left.
 *
 * @example
 * for (const line of annotations(run)) console.log(line)
 */
export function annotations({ gates }: ReportedRun): string[] {
  const queues = gates.map((gate) => gate.problems.map((problem) => ({ gate, problem })))
  const longest = Math.max(0, ...queues.map((queue) => queue.length))
  const inTurn = Array.from({ length: longest }, (_, at) =>
    queues.flatMap((queue) => queue[at] ?? []),
  )
  const all = inTurn.flat()
  const shown = all.length > most ? all.slice(0, most - 1) : all
  const left = all.length - shown.length
  return [
    ...shown.map(({ gate, problem }) => command(gate, problem)),
    ...(left > 0
      ? [`::error title=gates::${data(`${count(left, 'more problem')}: see the summary`)}`]
      : []),
  ]
}

function command({ name }: GateResult, { kind, message, location }: Problem): string {
  const properties = [
    ...(location ? [`file=${property(location.file)}`] : []),
    ...(location?.line ? [`line=${location.line}`] : []),
    ...(location?.column ? [`col=${location.column}`] : []),
    `title=${property(`${name}: ${kind}`)}`,
  ]
  return `::error ${properties.join(',')}::${data(message)}`
}

function data(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
