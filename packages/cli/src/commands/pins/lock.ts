import { join } from 'node:path'
import { isUserError, printable, readRegularFile, replaceFile, UserError } from '@erlmcp/core'

import { type Lock, lockPath, parseLock, printLock } from '@erlmcp/workflow'
import { type PinUpdate, type Use, usesIn } from '@erlmcp/workflow/files'
import { exit } from '../../exit.ts'
import { type Output, printJson } from '../../output.ts'
import { type Project, type ProjectArguments, synthCommand } from '../../stack/project.ts'

/** GitHub's files are at the root of the repository. */
export function repositoryRoot({ root, synthesis }: Project): string {
  return join(root, synthesis.repository)
}

/** The artifacts that use actions. */
export function workflowFiles({ synthesis }: Project) {
  return synthesis.artifacts.filter(({ path }) =>
    /^\.github\/workflows\/[^/]+$|(?:^|\/)action\.ya?ml$/.test(path),
  )
}

/** The actions that the stack uses. */
export function usedBy(project: Project): Use[] {
  return workflowFiles(project).flatMap(({ path, text }) => usesIn(path, text))
}

export function readLock(project: Project): Lock {
  const text = readRegularFile(join(repositoryRoot(project), lockPath), lockPath)
  return text === undefined ? new Map() : parseLock(text)
}

/** Writes the lock, and prints what changed. */
export function finish(
  project: Project,
  update: PinUpdate,
  args: ProjectArguments,
  output: Output,
): number {
  const { lock, changes, moved } = update
  if (changes.length > 0) writeLock(repositoryRoot(project), lock)
  const ok = moved.length === 0
  if (args.options.format === 'json') {
    printJson(output, { ok, changes, moved })
    return ok ? exit.ok : exit.failed
  }
  for (const { action, from, to } of changes) {
    output.out(printable(`${action} ${from.tag} → ${to.tag} ${to.sha}\n`))
  }
  for (const { action, tag, from, to } of moved) {
    output.err(
      printable(
        `erlmcp: ${action}: tag ${tag} moved from ${from} to ${to}; the lock keeps ${from}\n`,
      ),
    )
  }
  if (changes.length > 0) output.out(`wrote ${lockPath}; now run \`${synthCommand(args)}\`\n`)
  else if (ok) output.out('every action is up to date\n')
  return ok ? exit.ok : exit.failed
}

function writeLock(root: string, lock: Lock): void {
  try {
    replaceFile(root, lockPath, printLock(lock))
  } catch (error) {
    if (isUserError(error)) throw error
    throw new UserError({
      message: `${lockPath} cannot be written: ${(error as Error).message}`,
      hint: 'Check the free disk space and the permissions.',
      kind: 'environment',
    })
  }
}
