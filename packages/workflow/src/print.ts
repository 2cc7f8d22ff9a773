import { printYaml } from '@erlmcp/core'
import { actionKeys } from './schema/action.ts'
import type { ActionFile, DependabotFile, WorkflowFile } from './schema/document.gen.ts'
import { jobKeys } from './schema/job.ts'
import { stepKeys } from './schema/step.ts'
import { workflowKeys } from './schema/workflow.ts'

/**
 * A workflow as YAML. Keys of the file, its jobs and their steps are in the order of the schema, all
 * others in the order of the data. The version of an action follows its commit as a comment.
 *
 * @param header lines of a comment at the top, without `#`
 * @throws UserError for text that YAML cannot express, such as half of a surrogate pair
 */
export function printWorkflow(file: WorkflowFile, header: readonly string[] = []): string {
  return printYaml(
    { ...inOrder(file, workflowKeys), ...(file.jobs && { jobs: orderJobs(file.jobs) }) },
    header,
  )
}

function orderJobs(jobs: object): object {
  const entries = Object.entries(jobs).map(([id, job]) => [id, isNode(job) ? orderJob(job) : job])
  return Object.fromEntries(entries)
}

function orderJob(job: Node): Node {
  const { steps, ...rest } = job
  return inOrder(Array.isArray(steps) ? { ...rest, steps: steps.map(orderStep) } : job, jobKeys)
}

function orderStep(step: unknown): unknown {
  if (!isNode(step)) return step
  const { parallel } = step
  return inOrder(
    Array.isArray(parallel) ? { ...step, parallel: parallel.map(orderStep) } : step,
    stepKeys,
  )
}

type Node = Readonly<Record<string | symbol, unknown>>

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

/** The same node with known keys in their order; other keys follow in the order of the node. */
function inOrder(node: object, order: readonly string[]): Node {
  const source = node as Node
  const out: Record<string | symbol, unknown> = {}
  for (const key of order) if (source[key] !== undefined) out[key] = source[key]
  for (const key of Reflect.ownKeys(source)) if (!(key in out)) out[key] = source[key]
  return out
}

/** An `action.yml` as YAML, in the same way. */
export function printAction(file: ActionFile, header: readonly string[] = []): string {
  const { runs } = file
  const steps = 'steps' in runs && Array.isArray(runs.steps) ? runs.steps.map(orderStep) : undefined
  const ordered = { ...file, runs: steps ? { ...runs, steps } : runs }
  return printYaml(inOrder(ordered, actionKeys), header)
}

/** A `dependabot.yml` as YAML. */
export function printDependabot(file: DependabotFile, header: readonly string[] = []): string {
  return printYaml(file, header)
}
