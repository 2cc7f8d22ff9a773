import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { parse, parseDocument } from 'yaml'
import { printWorkflow, type WorkflowFile } from '../../packages/workflow/src/index.ts'
import { type Label, openCorpus } from './corpus.ts'
import { typeCheck } from './type-check.ts'

/** What became of one file that GitHub's own parser accepts. */
export interface Outcome {
  readonly path: string
  /** Undefined where the types can say it, and printing and reading it gives the same data. */
  readonly reason?: string
}

/**
 * Turns every workflow of the corpus that `@actions/workflow-parser` accepts into a literal of our
 * document type, type-checks all of them in one run of the compiler, prints each and reads it back.
 *
 * @param every every how-many-th file is taken
 */
export function checkWorkflows(every = 1): Outcome[] {
  const corpus = openCorpus('workflow')
  try {
    const valid = corpus.labels.filter((label) => isValid(label))
    const taken = valid.filter((_, index) => index % every === 0)
    const read = taken.map(({ path }) => ({ path, ...readFile(join(corpus.folder, path)) }))
    const typeErrors = typeCheck(
      read.map(({ data }) => data),
      { file: 'packages/workflow/src/schema/document.gen.ts', type: 'WorkflowFile' },
    )
    return read.map(({ path, data, unreadable }, index) => {
      if (data === undefined) return { path, reason: unreadable ?? 'cannot be read' }
      const error = typeErrors.get(index)
      if (error !== undefined) return { path, reason: `does not type-check: ${error}` }
      const reason = differs(data)
      return { path, ...(reason !== undefined && { reason }) }
    })
  } finally {
    corpus.close()
  }
}

function isValid({ role, tools }: Label): boolean {
  return role === 'target' && tools?.workflow_parser?.ok === true
}

function readFile(path: string): { data?: WorkflowFile; unreadable?: string } {
  const document = parseDocument(readFileSync(path, 'utf8'))
  const problem = document.errors[0]
  if (problem) return { unreadable: `YAML: ${problem.message.split('\n')[0]}` }
  return { data: document.toJS({ maxAliasCount: -1 }) as WorkflowFile }
}

/** What is lost when it is printed and read back, if anything. */
function differs(data: WorkflowFile): string | undefined {
  try {
    const back: unknown = parse(printWorkflow(data), { maxAliasCount: -1 })
    return isDeepStrictEqual(back, data) ? undefined : 'reads back differently'
  } catch (error) {
    return `cannot be printed: ${(error as Error).message.split('\n')[0]}`
  }
}

if (process.argv[1] === import.meta.filename) {
  const outcomes = checkWorkflows()
  const bad = outcomes.filter(({ reason }) => reason !== undefined)
  for (const { path, reason } of bad) process.stdout.write(`${path}\n  ${reason}\n`)
  const good = outcomes.length - bad.length
  const share = ((100 * good) / outcomes.length).toFixed(2)
  process.stdout.write(
    `${good} of ${outcomes.length} files (${share}%) type-check and read back the same\n`,
  )
  process.exitCode = good / outcomes.length >= 0.99 ? 0 : 1
}
