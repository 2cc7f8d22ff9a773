import { join } from 'node:path'
import { isUserError, readRegularFile, replaceFile, UserError } from '@erlmcp/core'
import { type Lock, lockPath, parseLock, printLock } from '@erlmcp/workflow'
import { importPins, type PinUpdate, type Use, updatePins, usesIn } from '@erlmcp/workflow/files'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { patiently } from '../progress.ts'
import { openProject, type Project, synthCommand } from '../project.ts'
import { wantsJson } from '../report/diagnostics.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp pins update`: the newest version of every action that the stack uses, into the lock. */
export async function pinsUpdate(given: Arguments, output: Output): Promise<number> {
  const project = await openProject(given, output)
  const lock = readLock(topOf(project))
  const update = await patiently('asking for tags', output, () => updatePins(usedBy(project), lock))
  return finish(project, update, given, output)
}

/** `erlmcp pins import`: what others wrote into the workflow files, into the lock. */
export async function pinsImport(given: Arguments, output: Output): Promise<number> {
  const project = await openProject(given, output)
  const written = workflowFiles(project).flatMap(({ path }) => {
    const text = readRegularFile(join(topOf(project), path), path)
    return text === undefined ? [] : usesIn(path, text)
  })
  const update = importPins(usedBy(project), written, readLock(topOf(project)))
  return finish(project, update, given, output)
}

/** GitHub's files are at the root of the repository. */
function topOf({ root, synthesis }: Project): string {
  return join(root, synthesis.repository)
}

/** The artifacts that use actions. */
function workflowFiles({ synthesis }: Project) {
  return synthesis.artifacts.filter(({ path }) =>
    /^\.github\/workflows\/[^/]+$|(?:^|\/)action\.ya?ml$/.test(path),
  )
}

function usedBy(project: Project): Use[] {
  return workflowFiles(project).flatMap(({ path, text }) => usesIn(path, text))
}

function readLock(root: string): Lock {
  const text = readRegularFile(join(root, lockPath), lockPath)
  return text === undefined ? new Map() : parseLock(text)
}

function finish(project: Project, update: PinUpdate, given: Arguments, output: Output): number {
  const { lock, changes, moved } = update
  if (changes.length > 0) writeLock(topOf(project), lock)
  const ok = moved.length === 0
  if (wantsJson(given)) {
    output.out(`${JSON.stringify({ ok, changes, moved }, null, 2)}\n`)
    return ok ? exit.ok : exit.no
  }
  for (const { action, from, to } of changes) {
    output.out(printable(`${action} ${from.tag} → ${to.tag} ${to.sha}\n`))
  }
  for (const { action, tag, from, to } of moved) {
    output.err(
      printable(
        `erlmcp: ${action} ${tag} was ${from} and is ${to} now: the tag was moved, and is not followed\n`,
      ),
    )
  }
  if (changes.length > 0) output.out(`wrote ${lockPath}; now run \`${synthCommand(given)}\`\n`)
  else if (ok) output.out('every action is where it was\n')
  return ok ? exit.ok : exit.no
}

/** Whole or not at all: a lock that is half written would be refused. */
function writeLock(root: string, lock: Lock): void {
  try {
    replaceFile(root, lockPath, printLock(lock))
  } catch (error) {
    if (isUserError(error)) throw error
    throw new UserError({
      message: `${lockPath} cannot be written: ${(error as Error).message}`,
      hint: 'Look at the room on the disk, and at who may write there.',
      kind: 'environment',
    })
  }
}
