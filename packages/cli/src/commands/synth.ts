import { differences, type Plan, type Synthesis, WriteConflict } from '@erlmcp/core'
import type { Arguments } from '../command.ts'
import { writeProject } from '../drift.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { patiently } from '../progress.ts'
import { hasErrors, openProject, type Project, synthCommand } from '../project.ts'
import { differenceText } from '../report/difference.ts'
import { isForPrograms, reportFindings, wantsJson } from '../report/findings.ts'
import { distinct } from '../report/human.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp synth`: all files of the stack, or none. */
export async function synth(given: Arguments, output: Output): Promise<number> {
  const project = await openProject(given, output, { all: true })
  const { synthesis } = project
  const json = wantsJson(given)
  if (!json) {
    if (isForPrograms(given)) output.out(reportFindings(synthesis, given))
    else output.err(reportFindings(withoutNotes(synthesis), given))
  }
  if (hasErrors(synthesis)) {
    if (json) output.out(asJson(project, undefined))
    output.err('erlmcp: nothing was written: mend the errors first\n')
    return exit.no
  }
  const plan = await patiently('writing the files', output, () => tryWrite(project, given))
  const written = plan.steps.every(({ action }) => action !== 'conflict')
  if (!written) await sayConflicts(plan, given, output)
  if (json) output.out(asJson(project, plan))
  else if (written && !isForPrograms(given)) output.out(summary(plan, synthesis))
  return written ? exit.ok : exit.no
}

/** What was done; with conflicts in it, what was not. */
async function tryWrite(project: Project, { options }: Arguments): Promise<Plan> {
  try {
    return await writeProject(project, { force: options.force === true })
  } catch (error) {
    if (error instanceof WriteConflict) return error.plan
    throw error
  }
}

async function sayConflicts(plan: Plan, given: Arguments, output: Output): Promise<void> {
  const diffCommand = synthCommand(given).replace('synth', 'diff')
  for (const difference of await differences(plan)) {
    const inTheWay = difference.what === 'edited' || difference.what === 'foreign'
    if (inTheWay) output.err(differenceText(difference, diffCommand))
  }
  output.err(printable(`erlmcp: ${new WriteConflict(plan).message}\n`))
}

const words: Partial<Record<Plan['steps'][number]['action'], string>> = {
  create: 'new',
  update: 'changed',
  chmod: 'changed',
  remove: 'removed',
}

/** Notes are worth knowing, and not at every synth: `check` has them all. */
function withoutNotes(synthesis: Synthesis): Synthesis {
  const findings = synthesis.findings.filter(({ severity }) => severity !== 'note')
  return { ...synthesis, findings }
}

function summary({ steps }: Plan, { findings }: Synthesis): string {
  const counts = new Map<string, number>()
  for (const { action } of steps) {
    const word = words[action]
    if (word) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const made = steps.filter(({ after }) => after !== undefined).length
  const changes = [...counts].map(([word, count]) => `${count} ${word}`).join(', ')
  const notes = distinct(findings).filter(({ severity }) => severity === 'note').length
  const more = notes === 0 ? '' : `; ${notes} note${notes === 1 ? '' : 's'}, see erlmcp check`
  return `erlmcp: ${made} file${made === 1 ? '' : 's'}, ${changes || 'nothing changed'}${more}\n`
}

function asJson({ synthesis }: Project, plan: Plan | undefined): string {
  const { findings, waived } = synthesis
  const files = plan?.steps.map(({ path, action, why }) => ({ path, action, why })) ?? []
  const written = plan?.steps.every(({ action }) => action !== 'conflict') ?? false
  return `${JSON.stringify({ written, files, findings, waived }, null, 2)}\n`
}
