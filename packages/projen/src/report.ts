import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import {
  type Diagnostic,
  type HostedFolder,
  type Plan,
  pathBetween,
  readManifest,
  repositoryOf,
  type Step,
  UserError,
} from '@erlmcp/core'
import type { Project } from 'projen'
import { filesOfProjen } from './other-files.ts'
import { projenrcOf } from './toolchain.ts'

/** @throws UserError when a rule finds an error in what a stack makes */
export function refuseErrors(folders: readonly HostedFolder[]): void {
  const errors = folders
    .flatMap(({ synthesis }) => synthesis.diagnostics)
    .filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return
  throw new UserError({
    message: `the stack has errors:\n\n${errors.map(inWords).join('\n\n')}\n`,
    hint: 'Nothing was written. Fix them, or suppress those that you accept.',
  })
}

/**
 * projen overwrites what is there: an edit of one of its own files, which are read-only, and a file
 * that somebody wrote by hand, which would be lost.
 *
 * @throws UserError for such a file
 */
export function refuseForeign(plans: readonly Plan[]): void {
  const foreign = plans.flatMap((plan) => {
    const known = new Set(filesOfProjen(plan.root))
    return plan.steps.filter((step) => isForeign(plan, step) && !known.has(step.path))
  })
  if (foreign.length === 0) return
  throw new UserError({
    message: foreign.map(({ path, why }) => `${path} ${why}`).join('\n'),
    hint: 'Nothing was written. Move what you need of it into the stack, and the file away.',
  })
}

function isForeign({ root, source }: Plan, { path, action, why, before }: Step): boolean {
  if (action !== 'conflict') return false
  if (why === 'was there before and is not ours') return true
  // What another stack file made can be made again, unless it was edited.
  const [, owner] = /^is made from (.+)$/.exec(why ?? '') ?? []
  if (owner === undefined) return false
  return readManifest(root, source).get(owner)?.get(path)?.sha256 !== before?.sha256
}

/** What is worth knowing of a synth that may go on. */
export function warn(
  project: Project,
  {
    folders,
    plans,
    workflows,
  }: {
    readonly folders: readonly HostedFolder[]
    readonly plans: readonly Plan[]
    readonly workflows: readonly { readonly path: string; readonly text: string }[]
  },
): void {
  const { logger } = project
  for (const { diagnostics, suppressed } of folders.map(({ synthesis }) => synthesis)) {
    for (const diagnostic of diagnostics) {
      if (diagnostic.severity === 'note') logger.debug(inWords(diagnostic))
      else logger.warn(inWords(diagnostic))
    }
    for (const { diagnostic, suppression } of suppressed) {
      logger.info(
        `${inWords(diagnostic)}\n  suppressed until ${suppression.until}: ${suppression.reason}`,
      )
    }
  }
  for (const { path, why, action } of plans.flatMap(({ steps }) => steps)) {
    if (action === 'conflict') logger.warn(`${path} ${why}: it is overwritten`)
    if (action === 'keep')
      logger.warn(`${path} is no longer made, and stays: ${why ?? 'it was edited'}`)
  }
  for (const { item, successor } of plans.flatMap(({ left }) => left)) {
    const next = successor === undefined ? '' : `, which ${successor.name} replaces`
    logger.warn(
      `the ${item.kind} ${item.name} is no longer in the stack${next}: a machine may still have it\n  Run \`npx erlmcp check\`, which shows what to do with it.`,
    )
  }
  for (const text of faultsOf(project, workflows)) logger.warn(text)
}

const runsErlmcp = /\berlmcp (?:check|gate run)\b/

/** Why workflows of the project cannot run, or cannot be green. */
function* faultsOf(
  project: Project,
  workflows: readonly { readonly path: string; readonly text: string }[],
): Iterable<string> {
  const [first] = workflows
  const top = repositoryOf(project.outdir)
  if (first && top !== project.outdir) {
    yield `GitHub does not read ${pathBetween(top, project.outdir)}/${first.path}: workflows belong to the root of the repository\n  Make this a subproject of a project there.`
  }
  const running = workflows.filter(({ text }) => runsErlmcp.test(text))
  if (running.length === 0) return
  const names = running.map(({ path }) => path).join(', ')
  if (project.ejected) {
    yield `After eject erlmcp finds no stack for ${names}\n  Move the stack of ${projenrcOf(project)} to stack.ts (\`export default stack(…)\`) and run \`npx erlmcp synth\`, or remove them.`
  } else if (isWithoutCli(project)) {
    yield `The project does not install erlmcp, which ${names} run\n  Add '@erlmcp/cli' to its devDeps.`
  } else if (isWithoutPackages(project)) {
    yield `The project has no package.json, of which ${names} install erlmcp: every run fails\n  Make one, and commit it with its lock file: npm init -y && npm i -D @erlmcp/cli @erlmcp/projen projen constructs tsx`
  }
}

/** Whether npm has nothing to install, as in a project of Python: every run would be red. */
function isWithoutPackages(project: Project): boolean {
  const file = 'package.json'
  return !project.tryFindFile(file) && !existsSync(join(project.outdir, file))
}

/** Whether projen writes the dependencies of the project, and the command is not among them. */
function isWithoutCli({ deps }: Project): boolean {
  const names = deps.all.map(({ name }) => name)
  return names.includes('@erlmcp/projen') && !names.includes('@erlmcp/cli')
}

function inWords({ file, line, column, rule, message, hint }: Diagnostic): string {
  const place = line === undefined ? file : `${relative(process.cwd(), file)}:${line}:${column}`
  return `${place}: ${message} [${rule}]\n  ${hint}`
}
