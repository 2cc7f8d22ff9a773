import { differences, type Plan, preview, type Synthesis, WriteConflict, write } from '@erlmcp/core'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import { hasErrors, openProject, type Project } from '../project.ts'
import { isForPrograms, reportFindings, wantsJson } from '../report/findings.ts'
import { printable } from '../report/printable.ts'
import type { Output } from '../run.ts'

/** `erlmcp synth`: all files of the stack, or none. */
export async function synth(given: Arguments, output: Output): Promise<number> {
  const project = await openProject(given)
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
  const done = await tryWrite(project, given.options.force === true, output)
  if (json) output.out(asJson(project, done))
  else if (done && !isForPrograms(given)) output.out(summary(done, synthesis))
  return done ? exit.ok : exit.no
}

/** Undefined when files are in the way; then it has said which, and how they differ. */
async function tryWrite(
  { root, source, synthesis }: Project,
  force: boolean,
  output: Output,
): Promise<Plan | undefined> {
  try {
    return await write(root, synthesis.artifacts, { source, force })
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error
    const plan = await preview(root, synthesis.artifacts, { source })
    for (const { what, diff } of await differences(plan)) {
      if (what === 'edited' || what === 'foreign') output.err(printable(diff))
    }
    output.err(printable(`erlmcp: ${error.message}\n`))
    return undefined
  }
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
  const notes = findings.filter(({ severity }) => severity === 'note').length
  const more = notes === 0 ? '' : `; ${notes} note${notes === 1 ? '' : 's'}, see erlmcp check`
  return `erlmcp: ${made} file${made === 1 ? '' : 's'}, ${changes || 'nothing changed'}${more}\n`
}

function asJson({ synthesis }: Project, plan: Plan | undefined): string {
  const { findings, waived } = synthesis
  const files = plan?.steps.map(({ path, action }) => ({ path, action })) ?? []
  return `${JSON.stringify({ written: plan !== undefined, files, findings, waived }, null, 2)}\n`
}
