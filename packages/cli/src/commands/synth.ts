import { posix } from 'node:path'
import { differences, type Plan, type Synthesis, shellWord, WriteConflict } from '@erlmcp/core'
import type { Arguments } from '../command.ts'
import { writeProject } from '../drift.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { patiently } from '../progress.ts'
import {
  acknowledgeCommand,
  hasErrors,
  openProject,
  type Project,
  synthCommand,
} from '../project.ts'
import { countFindings, isForPrograms, reportFindings, wantsJson } from '../report/diagnostics.ts'
import { differenceText } from '../report/difference.ts'
import { leftBehindText } from '../report/left-behind.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp synth`: all files of the stack, or none. */
export async function synth(given: Arguments, output: Output): Promise<number> {
  const project = await openProject(given, output, { all: true })
  const { synthesis } = project
  const json = wantsJson(given)
  if (!json) {
    if (isForPrograms(given)) output.out(reportFindings(synthesis, given))
    else output.err(reportFindings(synthesis, given, output.colour))
  }
  if (hasErrors(synthesis)) {
    if (json) output.out(asJson(project, undefined))
    output.err('erlmcp: nothing was written: fix the errors first\n')
    return exit.no
  }
  const plan = await patiently('writing the files', output, () => tryWrite(project, given))
  const written = plan.steps.every(({ action }) => action !== 'conflict')
  if (!written) await sayConflicts(plan, given, output)
  if (json) output.out(asJson(project, plan))
  else if (written && !isForPrograms(given)) output.out(summary(plan, synthesis))
  if (written && !json) {
    sayLeftovers(plan, output)
    output.err(leftBehindText(plan.left, acknowledgeCommand(given), 'warning', output.colour))
  }
  return written ? exit.ok : exit.no
}

/** What was done; with conflicts in it, what was not. */
async function tryWrite(project: Project, { options }: Arguments): Promise<Plan> {
  try {
    return await writeProject(project, {
      force: options.force === true,
      acknowledge: options.acknowledge === true,
    })
  } catch (error) {
    if (error instanceof WriteConflict) return error.plan
    throw error
  }
}

async function sayConflicts(plan: Plan, given: Arguments, output: Output): Promise<void> {
  const diffCommand = synthCommand(given).replace('synth', 'diff')
  for (const difference of await differences(plan)) {
    const inTheWay = difference.message === 'edited' || difference.message === 'foreign'
    if (inTheWay) output.err(differenceText(difference, diffCommand, output.colour))
  }
  output.err(printable(`erlmcp: ${new WriteConflict(plan).message}\n`))
}

/** What is left of a secret that the stack no longer has is the user's to remove. */
function sayLeftovers({ steps }: Plan, output: Output): void {
  for (const { path, action, why, hiddenPaths } of steps) {
    if (action === 'keep' && why !== undefined && hiddenPaths === undefined) {
      output.err(printable(`erlmcp: ${path} is no longer generated, but stays because ${why}\n`))
    }
    if (hiddenPaths === undefined) continue
    const files = hiddenPaths.map((one) => `\n    ${one}`).join('')
    const folder = posix.dirname(path)
    const remove = folder === '.' ? hiddenPaths.map(shellWord).join(' ') : shellWord(folder)
    output.err(
      printable(
        `erlmcp: ${path} is no longer generated, but stays because it keeps files out of git${files}\n  When nothing needs that any more: rm -r ${remove}\n`,
      ),
    )
  }
}

const words: Partial<Record<Plan['steps'][number]['action'], string>> = {
  create: 'new',
  update: 'changed',
  chmod: 'changed',
  remove: 'removed',
}

function summary({ steps }: Plan, synthesis: Synthesis): string {
  const counts = new Map<string, number>()
  for (const { action } of steps) {
    const word = words[action]
    if (word) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const made = steps.filter(({ after }) => after !== undefined).length
  const changes = [...counts].map(([word, count]) => `${count} ${word}`).join(', ')
  const notes = countFindings(synthesis, 'note')
  const more = notes === '' ? '' : `; ${notes}, see erlmcp check --notes`
  const last = `erlmcp: ${made} file${made === 1 ? '' : 's'}, ${changes || 'nothing changed'}${more}\n`
  return `${changedNames(steps)}${last}`
}

const mostNames = 40

/** Which files are not as they were; of a first synth, where all are new, the number says it. */
function changedNames(steps: Plan['steps']): string {
  const all = steps.flatMap(({ path, action }) => {
    const word = words[action]
    return word === undefined ? [] : [`  ${word} ${path}\n`]
  })
  if (steps.every(({ action }) => action === 'create')) return ''
  const more = all.length - mostNames
  return printable([...all.slice(0, mostNames), more > 0 ? `  … ${more} more\n` : ''].join(''))
}

function asJson({ synthesis }: Project, plan: Plan | undefined): string {
  const { diagnostics, suppressed } = synthesis
  const left = plan?.left ?? []
  const files =
    plan?.steps.map(({ path, action, why, hiddenPaths }) => ({ path, action, why, hiddenPaths })) ??
    []
  const written = plan?.steps.every(({ action }) => action !== 'conflict') ?? false
  return `${JSON.stringify({ written, files, left, diagnostics, suppressed }, null, 2)}\n`
}
