import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runGit, UserError } from '@erlmcp/core'

/** Sources of the revision that a change is compared with. */
export interface BaseRevision {
  readonly commit: string
  /** Absolute. */
  readonly folder: string
}

/**
 * Writes the sources of a project as they were where the history of `HEAD` left that of a revision:
 * what was done there since is not this change. Neither the work tree nor the index is touched,
 * and no hook runs. Submodules are left out.
 *
 * @param project folder of the project, anywhere in a git work tree
 * @param revision such as `origin/main`
 * @param folder where to write; what is there is removed
 * @throws UserError when there is no git, no such revision, or no history in common
 * @example
 * const { folder } = exportBase('.', 'origin/main', '.erlmcp/gates/base')
 */
export function exportBase(project: string, revision: string, folder: string): BaseRevision {
  const commit = baseOf(project, revision)
  const below = git(project, ['rev-parse', '--show-prefix']).text.replace(/\/$/, '')
  const top = must(git(project, ['rev-parse', '--show-toplevel']), project)
  const target = resolve(folder)
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  const scratch = mkdtempSync(join(tmpdir(), 'erlmcp-base-'))
  try {
    // With an index of its own, and not with `git archive`, which leaves out export-ignore.
    const index = { GIT_INDEX_FILE: join(scratch, 'index') }
    const read = git(top, ['read-tree', `${commit}:${below}`], index)
    if (!read.isOk) {
      throw new UserError({
        message: `the revision ${revision} has no folder ${below || '.'}`,
        hint: 'Name a revision in which the project is where it is now.',
      })
    }
    must(git(top, ['checkout-index', '--all', `--prefix=${target}/`], index), project)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return { commit, folder: target }
}

function baseOf(project: string, revision: string): string {
  must(git(project, ['rev-parse', '--is-inside-work-tree']), project)
  const verify = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]
  const named = git(project, verify)
  if (!named.isOk) {
    throw new UserError({
      message: `there is no revision ${JSON.stringify(revision)}`,
      hint: 'Look for it with `git log`. A CI checkout has one commit: fetch its history (fetch-depth: 0).',
    })
  }
  const common = git(project, ['merge-base', 'HEAD', named.text])
  if (common.isOk) return common.text
  throw new UserError({
    message: `${revision} and HEAD have no history in common`,
    hint: 'A CI checkout has one commit: fetch its history (fetch-depth: 0).',
  })
}

interface Output {
  readonly isOk: boolean
  readonly text: string
  readonly stderr: string
}

function git(cwd: string, args: readonly string[], env: Record<string, string> = {}): Output {
  const result = runGit(cwd, ['-c', 'core.hooksPath=/dev/null', ...args], env)
  if (!result) {
    throw new UserError({
      message: 'there is no git command, or no such folder',
      hint: `Install git to compare with a base revision, and run it in a git repository: ${cwd}`,
      kind: 'environment',
    })
  }
  const { isOk, stdout, stderr } = result
  return { isOk, text: Buffer.from(stdout).toString().trim(), stderr }
}

/** @throws UserError with the standard error of git */
function must({ isOk, text, stderr }: Output, project: string): string {
  if (isOk) return text
  throw new UserError({
    message: `git failed in ${project}: ${stderr}`,
    hint: 'Comparing with a base revision needs the project in a git repository.',
    kind: 'environment',
  })
}
