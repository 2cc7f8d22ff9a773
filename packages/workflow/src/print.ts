import { printYaml } from '@erlmcp/core'
import type { ActionFile, DependabotFile, WorkflowFile } from './document.ts'
import { actionOrder, inOrder, jobOrder, stepOrder, workflowOrder } from './order.ts'

/**
 * A workflow as YAML: keys of the file, its jobs and their steps in a fixed order, everything else
 * in the order it was said. An action's version stands behind its commit as a comment.
 *
 * @param header lines of a comment at the top, without `#`
 * @throws UserError for what YAML cannot say, such as half of a character
 */
export function printWorkflow(file: WorkflowFile, header: readonly string[] = []): string {
  return printYaml(
    { ...inOrder(file, workflowOrder), ...(file.jobs && { jobs: jobs(file.jobs) }) },
    header,
  )
}

function jobs(nodes: object): object {
  return mapValues(nodes, (job) => {
    const { steps, ...rest } = job as { steps?: unknown }
    return inOrder(Array.isArray(steps) ? { ...rest, steps: steps.map(orderStep) } : job, jobOrder)
  })
}

function orderStep(step: unknown): unknown {
  if (typeof step !== 'object' || step === null) return step
  const { parallel } = step as { parallel?: unknown }
  return inOrder(
    Array.isArray(parallel) ? { ...step, parallel: parallel.map(orderStep) } : step,
    stepOrder,
  )
}

function mapValues(node: object, change: (value: object) => unknown): object {
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      typeof value === 'object' && value !== null ? change(value as object) : value,
    ]),
  )
}

/** An `action.yml` as YAML, in the same way. */
export function printAction(file: ActionFile, header: readonly string[] = []): string {
  const { runs } = file
  const steps = 'steps' in runs && Array.isArray(runs.steps) ? runs.steps.map(orderStep) : undefined
  return printYaml(
    inOrder({ ...file, runs: steps ? { ...runs, steps } : runs }, actionOrder),
    header,
  )
}

/** A `dependabot.yml` as YAML. */
export function printDependabot(file: DependabotFile, header: readonly string[] = []): string {
  return printYaml(file, header)
}
