import { dirname, join, posix, resolve } from 'node:path'
import {
  differences,
  type Plan,
  printable,
  type Synthesis,
  shellWord,
  WriteConflict,
} from '@erlmcp/core'
import { type Arguments, command } from '../command-line/command.ts'
import { flag, notes, out, reportFormat } from '../command-line/options.ts'
import { exit } from '../exit.ts'
import { type Output, printJson } from '../output.ts'
import {
  countDiagnostics,
  isForPrograms,
  reportDiagnostics,
  wantsJson,
} from '../report/diagnostics.ts'
import { differenceText } from '../report/difference.ts'
import { reportError } from '../report/error.ts'
import { leftBehindText } from '../report/left-behind.ts'
import { withSlowNotice } from '../report/progress.ts'
import { writeProject } from '../stack/drift.ts'
import {
  acknowledgeCommand,
  hasErrors,
  openProject,
  type Project,
  synthCommand,
} from '../stack/project.ts'
import { watchFolder } from '../stack/watch-folder.ts'

const options = {
  out,
  force: flag('overwrite files that were edited, or that erlmcp did not write'),
  acknowledge: flag('record that volumes, secrets and containers left behind were handled'),
  watch: flag('write the files again after each change in the folder of the stack'),
  notes,
  format: reportFormat,
}
type SynthArguments = Arguments<typeof options>

/** Writes all files of the stack, or none. */
export default command({
  options,
  async run(args, output) {
    return args.options.watch ? watch(args, output) : (await synth(args, output)).code
  },
})

/** Until the process is interrupted. An error does not end it: the next change may fix it. */
async function watch(args: SynthArguments, output: Output): Promise<number> {
  let outputs = new Set<string>()
  await watchFolder(dirname(resolve(args.stack ?? 'stack.ts')), {
    isIgnored: (path) => outputs.has(path),
    async run() {
      try {
        const { project } = await synth(args, output)
        outputs = new Set(
          project.targets.flatMap(({ root, artifacts }) =>
            artifacts.map(({ path }) => join(root, path)),
          ),
        )
      } catch (error) {
        reportError(error, [`--format=${args.options.format}`], output)
      }
    },
  })
  return exit.ok
}

async function synth(
  args: SynthArguments,
  output: Output,
): Promise<{ readonly code: number; readonly project: Project }> {
  const project = await openProject(args, output, { all: true })
  const { synthesis } = project
  const isJson = wantsJson(args)
  if (!isJson) {
    if (isForPrograms(args)) output.out(reportDiagnostics(synthesis, args))
    else output.err(reportDiagnostics(synthesis, args, output.colour))
  }
  if (hasErrors(synthesis)) {
    if (isJson) printResult(project, undefined, output)
    output.err('erlmcp: nothing was written: fix the errors first\n')
    return { code: exit.failed, project }
  }
  const plan = await withSlowNotice('writing the files', output, () => tryWrite(project, args))
  const written = plan.steps.every(({ action }) => action !== 'conflict')
  if (!written) await printConflicts(plan, args, output)
  if (isJson) printResult(project, plan, output)
  else if (written && !isForPrograms(args)) output.out(summary(plan, synthesis))
  if (written && !isJson) {
    printLeftovers(plan, output)
    output.err(leftBehindText(plan.left, acknowledgeCommand(args), 'warning', output.colour))
  }
  return { code: written ? exit.ok : exit.failed, project }
}

/** @returns what was written, or, if a step is a conflict, what was not */
async function tryWrite(
  project: Project,
  { options: { force, acknowledge } }: SynthArguments,
): Promise<Plan> {
  try {
    return await writeProject(project, { force, acknowledge })
  } catch (error) {
    if (error instanceof WriteConflict) return error.plan
    throw error
  }
}

async function printConflicts(plan: Plan, args: SynthArguments, output: Output): Promise<void> {
  const diffCommand = synthCommand(args).replace('synth', 'diff')
  for (const difference of await differences(plan)) {
    const isConflict = difference.kind === 'edited' || difference.kind === 'foreign'
    if (isConflict) output.err(differenceText(difference, diffCommand, output.colour))
  }
  output.err(printable(`erlmcp: ${new WriteConflict(plan).message}\n`))
}

/** Files of a secret that the stack no longer has are the user's to remove. */
function printLeftovers({ steps }: Plan, output: Output): void {
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
        `erlmcp: ${path} is no longer generated, but stays because it keeps files out of git${files}\n  Once nothing needs them: rm -r ${remove}\n`,
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
  const notes = countDiagnostics(synthesis, 'note')
  const more = notes === '' ? '' : `; ${notes}, see erlmcp check --notes`
  const last = `erlmcp: ${made} file${made === 1 ? '' : 's'}, ${changes || 'nothing changed'}${more}\n`
  return `${changedNames(steps)}${last}`
}

const mostNames = 40

/** The changed files; a first synth, where all are new, prints only their number. */
function changedNames(steps: Plan['steps']): string {
  const all = steps.flatMap(({ path, action }) => {
    const word = words[action]
    return word === undefined ? [] : [`  ${word} ${path}\n`]
  })
  if (steps.every(({ action }) => action === 'create')) return ''
  const more = all.length - mostNames
  return printable([...all.slice(0, mostNames), more > 0 ? `  … ${more} more\n` : ''].join(''))
}

function printResult({ synthesis }: Project, plan: Plan | undefined, output: Output): void {
  const { diagnostics, suppressed } = synthesis
  const steps = plan?.steps ?? []
  printJson(output, {
    written: plan !== undefined && steps.every(({ action }) => action !== 'conflict'),
    files: steps.map(({ path, action, why, hiddenPaths }) => ({ path, action, why, hiddenPaths })),
    left: plan?.left ?? [],
    diagnostics,
    suppressed,
  })
}
