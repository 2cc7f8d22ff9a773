import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runGit, UserError } from '@erlmcp/core'

/** The exported sources of a base revision. */
export interface BaseRevision {
  readonly commit: string
  /** Absolute. */
  readonly folder: string
}

/**
 * Writes the sources of a project at the merge base of `HEAD` and a revision, so that later commits of
 * that revision do not count as part of the change. The work tree and the index stay as they are, and
 * no hook runs. Submodules are left out.
 *
 * @param project folder of the project, anywhere in a git work tree
 * @param revision such as `origin/main`
 * @param folder to write to; its content is removed
 * @throws UserError when git or the revision is missing, or the histories are unrelated
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
    // A separate index instead of `git archive`, which leaves out files with export-ignore.
    const index = { GIT_INDEX_FILE: join(scratch, 'index') }
    const read = git(top, ['read-tree', `${commit}:${below}`], index)
    if (!read.isOk) {
      throw new UserError({
        message: `the revision ${revision} has no folder ${below || '.'}`,
        hint: 'Name a revision that has the project in the same folder.',
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
      message: `unknown revision ${JSON.stringify(revision)}`,
      hint: 'Find it with `git log`. In CI, check out the whole history (fetch-depth: 0).',
    })
  }
  const common = git(project, ['merge-base', 'HEAD', named.text])
  if (common.isOk) return common.text
  throw new UserError({
    message: `${revision} and HEAD have unrelated histories`,
    hint: 'In CI, check out the whole history (fetch-depth: 0).',
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
      message: `git command not found, or ${cwd} does not exist`,
      hint: 'Install git to compare with a base revision.',
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
    hint: 'A base revision needs the project in a git repository.',
    kind: 'environment',
  })
}
